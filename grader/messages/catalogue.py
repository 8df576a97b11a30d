"""Every sentence that a person reads, in Korean and English. A test holds the two complete and alike."""

from __future__ import annotations

from grader.model import Verdict

__all__ = ["CATALOGUE", "VERDICTS"]


VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.PASSED: ("passed", "통과"),
    Verdict.FAILED: ("wrong value", "값이 다름"),
    Verdict.ERROR: ("error", "오류"),
    Verdict.TIMEOUT: ("too slow", "시간 초과"),
    Verdict.MEMORY: ("too much memory", "메모리 초과"),
    Verdict.CRASHED: ("crashed", "비정상 종료"),
    Verdict.FORBIDDEN: ("not allowed", "금지된 사용"),
    Verdict.NOT_ATTEMPTED: ("not attempted", "미작성"),
    Verdict.SKIPPED: ("skipped", "건너뜀"),
    Verdict.UNGRADED: ("ungraded", "채점 안 됨"),
}

CATALOGUE: dict[str, tuple[str, str]] = {
    # --- an nbgrader course ------------------------------------------------------------------------------------------
    "nbgrader.about_checks": (
        "### Checks\n\nRun the cells below to try your code. Cells that say *hidden check* hold nothing to run: they are "
        "checked after you hand in.",
        "### 검사\n\n아래 셀을 실행해 코드를 확인하세요. *비공개 검사*라고 적힌 셀에는 실행할 것이 없고, 제출한 뒤에 "
        "검사합니다.",
    ),
    "nbgrader.visible_cell": ("Check: {title} ({points} pt)", "검사: {title} ({points}점)"),
    "nbgrader.hidden_cell": ("Hidden check: {title} ({points} pt)", "비공개 검사: {title} ({points}점)"),
    "nbgrader.tools": (
        "What the checks below use. Run this cell first.",
        "아래 검사가 쓰는 함수입니다. 이 셀을 먼저 실행하세요.",
    ),
    "nbgrader.needs_grader": (
        "This check needs the package grader. It is run after you hand in.",
        "이 검사에는 grader 패키지가 필요합니다. 제출한 뒤에 검사합니다.",
    ),
    "nbgrader.guard": (
        "This cell is graded by grader: use the nbgrader_config.py that `grader nbgrader build` wrote.",
        "이 셀은 grader가 채점합니다. `grader nbgrader build`가 만든 nbgrader_config.py를 사용하세요.",
    ),
    "nbgrader.tool_kind": ("a list was returned, not a tensor", "텐서가 아니라 리스트를 반환했습니다"),
    "nbgrader.tool_shape": (
        "the shape is {actual}, expected {expected}",
        "shape이 {actual}입니다. {expected}이어야 합니다",
    ),
    "nbgrader.tool_dtype": (
        "the dtype is {actual}, expected {expected}",
        "dtype이 {actual}입니다. {expected}이어야 합니다",
    ),
    "nbgrader.tool_equal": (
        "{what}: {actual}, expected {expected}",
        "{what}: 결과는 {actual}, 기대한 값은 {expected}",
    ),
    "nbgrader.tool_layer": (
        "the layer is a {actual}, expected {expected}",
        "레이어가 {actual}입니다. {expected}이어야 합니다",
    ),
    "nbgrader.tool_setting": (
        "{setting} is {actual}, expected {expected}",
        "{setting}의 값이 {actual}입니다. {expected}이어야 합니다",
    ),
    "nbgrader.notes": ("Notes on this notebook", "이 노트북에 대한 참고 사항"),
    "nbgrader.no_solution": (
        "The reference defines no `{function}`, which the stub has.",
        "stub에 있는 `{function}` 함수가 정답에 없습니다.",
    ),
    "nbgrader.other_signature": (
        "`{function}` has other parameters here than in the stub.",
        "`{function}`의 매개변수가 stub과 다릅니다.",
    ),
    "nbgrader.global_name": (
        "`global {name}` cannot be put into a notebook's solution: pass the value as an argument.",
        "`global {name}`은 노트북의 정답 셀에 넣을 수 없습니다. 값을 인자로 넘기세요.",
    ),
    "nbgrader.loose_statement": (
        "This statement binds no name, so it cannot be put into a notebook's solution. Move it into a function.",
        "이름을 정의하지 않는 문장이라 노트북의 정답 셀에 넣을 수 없습니다. 함수 안으로 옮기세요.",
    ),
    "nbgrader.bad_assignment": (
        "`{name}` is no name for an assignment: letters, digits, spaces, dots and dashes, and a letter at the ends.",
        "`{name}`은 assignment 이름으로 쓸 수 없습니다. 글자, 숫자, 공백, 점, 붙임표를 쓰고 처음과 끝은 글자여야 합니다.",
    ),
    "nbgrader.data_twice": (
        "{file}: two exercises of one assignment have different data of this name. Build them without --assignment.",
        "{file}: 한 assignment의 두 과제에 이름이 같은 다른 데이터가 있습니다. --assignment 없이 만드세요.",
    ),
    "nbgrader.not_ours": (
        "{file} is not as `grader nbgrader build` wrote it. Nothing was written; --force replaces it.",
        "{file}: `grader nbgrader build`가 만든 그대로의 파일이 아닙니다. 아무것도 저장하지 않았습니다. --force를 쓰면 교체합니다.",
    ),
    "nbgrader.cannot_write": (
        "{file} cannot be written: {error}",
        "{file} 파일을 저장할 수 없습니다: {error}",
    ),
    "nbgrader.built": (
        "{notebooks} notebooks in {assignments} assignments",
        "노트북 {notebooks}개, assignment {assignments}개",
    ),
    "nbgrader.unchanged": ("(as it was)", "(그대로)"),
    "nbgrader.replaced": ("(replaced)", "(교체함)"),
    "nbgrader.released_before": (
        "Generated before and replaced now: {assignments}. Students have the former version until you run "
        "`nbgrader generate_assignment NAME --force` and release it again.",
        "이미 생성했던 것을 지금 교체한 assignment: {assignments}. `nbgrader generate_assignment 이름 --force`를 실행해 다시 "
        "배포할 때까지 학생은 이전 버전을 갖고 있습니다.",
    ),
    "nbgrader.inside_course": (
        "{folder} is in the course's own {given}/, where an nbgrader course would be taken for an exercise or handed out. "
        "Name another folder.",
        "{folder} 폴더는 강좌의 {given}/ 안에 있어 과제로 여겨지거나 배포될 수 있습니다. 다른 폴더를 지정하세요.",
    ),
    "nbgrader.next": (
        "Next, in {folder}: nbgrader generate_assignment {assignment}",
        "다음 단계({folder} 폴더에서): nbgrader generate_assignment {assignment}",
    ),
    "nbgrader.no_gradebook": (
        "{file} is not there: `grader grade` writes it.",
        "{file} 파일이 없습니다. `grader grade`가 만드는 파일입니다.",
    ),
    "nbgrader.not_generated": (
        "nbgrader's gradebook in {folder} does not know: {assignments}. Run `nbgrader generate_assignment` there first.",
        "{folder}의 nbgrader 성적부에 없는 assignment: {assignments}. 먼저 그곳에서 `nbgrader generate_assignment`를 실행하세요.",
    ),
    "nbgrader.synced": (
        "{count} grades written to nbgrader's gradebook",
        "nbgrader 성적부에 성적 {count}개를 저장했습니다",
    ),
    "nbgrader.ungraded": (
        "Ungraded, and marked so in nbgrader: {which}",
        "채점되지 않아 nbgrader에도 그렇게 표시함: {which}",
    ),
    "nbgrader.kept": (
        "These have manual scores, which stand; have another look: {which}",
        "수동 점수가 있어 그대로 두었습니다. 다시 확인하세요: {which}",
    ),
    "nbgrader.added": (
        "New to nbgrader, which knew other students; are they the same under another name? {which}",
        "nbgrader에 없던 학생을 추가했습니다. 이름만 다른 같은 학생인지 확인하세요: {which}",
    ),
    "nbgrader.in_two_assignments": (
        "{exercise} is in several of nbgrader's assignments: {assignments}. Nothing was written. Take out those that do not "
        "count: `nbgrader db assignment remove NAME`.",
        "{exercise}가 nbgrader의 여러 assignment에 있습니다: {assignments}. 저장하지 않았습니다. 성적에 쓰지 않는 것을 "
        "`nbgrader db assignment remove 이름`으로 지우세요.",
    ),
    "nbgrader.bad_config": (
        "{file} cannot be read: {error}",
        "{file} 파일을 읽을 수 없습니다: {error}",
    ),
    "nbgrader.cannot_use_gradebook": (
        "nbgrader's gradebook {file} cannot be used: {error}. End what else uses it (nbgrader's commands, formgrader) and run "
        "this again: what is written twice is written once.",
        "nbgrader 성적부 {file}을(를) 쓸 수 없습니다: {error}. 이 파일을 쓰는 다른 작업(nbgrader 명령, formgrader)을 끝내고 다시 "
        "실행하세요. 여러 번 실행해도 결과는 같습니다.",
    ),
    "nbgrader.manual": ("Manual scores in nbgrader:", "nbgrader의 수동 점수:"),
    "nbgrader.why": ("given by hand in nbgrader: {cells}", "nbgrader에서 직접 준 점수: {cells}"),
    "nbgrader.taken": (
        "{student} {exercise}: {points} points by hand in nbgrader count from now on, in place of {before}",
        "{student} {exercise}: nbgrader에서 직접 준 {points}점을 이제부터 적용(이전 점수 {before})",
    ),
    "nbgrader.stands": (
        "{student} {exercise}: {points} points by hand in nbgrader; nothing new, {before} count",
        "{student} {exercise}: nbgrader에서 직접 준 점수 {points}, 바뀐 것이 없어 {before}점을 그대로 적용",
    ),
    "nbgrader.not_ours_to_take": (
        "{student} {exercise}: {points} points by hand in nbgrader, not taken over: the gradebook has no such student",
        "{student} {exercise}: nbgrader에서 직접 준 점수 {points}, 성적부에 없는 학생이어서 가져오지 않음",
    ),
    "nbgrader.manual_line": (
        "automatic {auto}, manual {manual}, extra credit {extra}, of {most}",
        "자동 {auto}, 수동 {manual}, 추가 점수 {extra}, 만점 {most}",
    ),
    "nbgrader.no_exercise": (
        "The notebook {name} belongs to no exercise of the course {course}.",
        "노트북 {name}에 해당하는 과제가 강좌 {course}에 없습니다.",
    ),
    "nbgrader.no_reason": ("The judge gave no reason.", "채점기가 이유를 남기지 않았습니다."),
    "nbgrader.stale_cell": (
        "Cell {cell} of {notebook} is no check of the course, or is worth other points there. The course was changed "
        "after the notebook was made: run `grader nbgrader build` and `nbgrader generate_assignment` again.",
        "{notebook}의 셀 {cell}에 해당하는 검사가 강좌에 없거나 배점이 다릅니다. 노트북을 만든 뒤 강좌가 바뀌었습니다. "
        "`grader nbgrader build`와 `nbgrader generate_assignment`를 다시 실행하세요.",
    ),
    # --- checks in a notebook ------------------------------------------------------------------------------------------
    "interactive.no_function": (
        "There is no function `{function}`. Run the cell that defines it first.",
        "`{function}` 함수가 없습니다. 함수를 정의한 셀을 먼저 실행하세요.",
    ),
    "interactive.no_check": (
        "{exercise} has no check {check}.",
        "{exercise}에 {check} 검사가 없습니다.",
    ),
    "interactive.unconfined": (
        "Run in your own kernel, without a sandbox or time limits.",
        "샌드박스와 시간 제한 없이 이 커널에서 실행했습니다.",
    ),
    "interactive.not_passed": ("The check did not pass.", "검사를 통과하지 못했습니다."),
    "interactive.usage": (
        "{problem}. Usage: %check EXERCISE [--course DIR] [--all] [--lang en|ko]",
        "{problem}. 사용법: %check 과제 [--course 폴더] [--all] [--lang en|ko]",
    ),
    # --- what a submission did -------------------------------------------------------------------------------------
    "submission.raised": (
        "Your code raised {type}{at_place}: {message}",
        "코드에서 {type} 예외가 발생했습니다{at_place}: {message}",
    ),
    "submission.raised_hidden": ("Your code raised {type}.", "코드에서 {type} 예외가 발생했습니다."),
    "submission.exit_hidden": (
        "Your code ended the process. A function returns its value; it does not exit.",
        "코드가 프로세스를 끝냈습니다. 함수는 종료하지 말고 값을 반환해야 합니다.",
    ),
    "submission.signal_hidden": ("The process was killed by a signal.", "프로세스가 신호를 받고 죽었습니다."),
    "submission.bad_answer_hidden": (
        "What your code returned could not be read.",
        "코드가 반환한 것을 읽을 수 없습니다.",
    ),
    "submission.denied": (
        " The sandbox allows no network, no new processes and no files but your own.",
        " 채점 환경에서는 네트워크, 새 프로세스, 다른 파일을 사용할 수 없습니다.",
    ),
    "submission.load_raised": (
        "Executing your file stopped with {type}{at_place}: {message}",
        "파일을 실행하다가 {type} 예외로 멈췄습니다{at_place}: {message}",
    ),
    "submission.no_module": (
        "Your code imports {module}{at_place}, which this course's environment does not have. Do without it.",
        "코드에서 import한 {module} 모듈은 이 강좌의 환경에 없습니다{at_place}. 이 모듈 없이 작성하세요.",
    ),
    "submission.no_module_hidden": (
        "Your code imports a module that this course's environment does not have.",
        "코드에서 이 강좌의 환경에 없는 모듈을 import합니다.",
    ),
    "submission.load_no_module": (
        "Executing your file stopped{at_place}: it imports {module}, which this course's environment does not have. "
        "Take the import out, or hand in the functions alone.",
        "파일을 실행하다가 멈췄습니다{at_place}. import한 {module} 모듈이 이 강좌의 환경에 없습니다. "
        "import 문을 지우거나 함수만 제출하세요.",
    ),
    "submission.no_function": (
        "Your file defines no function `{function}`. Keep the names of the stub.",
        "파일에 `{function}` 함수가 없습니다. 처음 받은 파일의 함수 이름을 그대로 두세요.",
    ),
    "submission.not_attempted": ("This function is not written yet.", "아직 작성하지 않은 함수입니다."),
    "submission.nothing": (
        "No file was handed in for this exercise.",
        "이 과제의 파일이 제출되지 않았습니다.",
    ),
    "submission.timeout": (
        "A call did not end within {seconds:g} s: look for a loop that never ends.",
        "호출이 {seconds:g}초 안에 끝나지 않았습니다. 끝나지 않는 반복문이 있는지 확인하세요.",
    ),
    "submission.load_timeout": (
        "Executing your file did not end within {seconds:g} s: look for a loop or an input() outside of the functions.",
        "파일 실행이 {seconds:g}초 안에 끝나지 않았습니다. 함수 바깥의 반복문이나 input()을 확인하세요.",
    ),
    "submission.time_used_up": (
        "The {seconds:g} s for the whole file are used up, so this check was not run.",
        "파일 전체에 주어진 {seconds:g}초를 다 써서 이 검사는 실행하지 못했습니다.",
    ),
    "submission.cpu": (
        "Your code used more than {seconds} s of CPU time.",
        "코드가 CPU 시간을 {seconds}초 넘게 사용했습니다.",
    ),
    "submission.memory": (
        "Your code took more than {mib} MiB of memory.",
        "코드가 메모리를 {mib} MiB 넘게 사용했습니다.",
    ),
    "submission.memory_error": (
        "Your code ran out of memory.",
        "코드가 사용할 수 있는 메모리를 모두 썼습니다.",
    ),
    "submission.exit": (
        "Your code ended the process (exit code {code}). A function returns its value; it does not exit.",
        "코드가 프로세스를 끝냈습니다(종료 코드 {code}). 함수는 종료하지 말고 값을 반환해야 합니다.",
    ),
    "submission.signal": ("The process died of {signal}.", "프로세스가 {signal} 신호로 죽었습니다."),
    "submission.vanished": (
        "The process ended in a way that could not be told.",
        "프로세스가 알 수 없는 이유로 끝났습니다.",
    ),
    "submission.flood": (
        "Your code printed more than {mib} MiB: look for a print in a loop that never ends.",
        "출력이 {mib} MiB를 넘었습니다. 끝나지 않는 반복문 안에 print가 있는지 확인하세요.",
    ),
    "submission.bad_answer": (
        "What your code returned could not be read ({problem}).",
        "코드가 반환한 것을 읽을 수 없습니다({problem}).",
    ),
    "submission.forbidden": (
        "`{function}` uses `{name}` ({place}), which this exercise does not allow: write it by hand.",
        "`{function}`에서 `{name}`을(를) 사용했습니다({place}). 이 과제에서는 직접 구현해야 합니다.",
    ),
    "submission.not_text": (
        "The file is not readable as text ({error}). Save it as UTF-8.",
        "파일을 텍스트로 읽을 수 없습니다({error}). UTF-8로 저장하세요.",
    ),
    "submission.bad_notebook": (
        "The file is not a readable notebook ({error}).",
        "파일을 노트북으로 읽을 수 없습니다({error}).",
    ),
    "submission.too_large": ("The file is larger than {mib} MiB.", "파일이 {mib} MiB보다 큽니다."),
    "submission.too_much_code": (
        "The file holds more than {kib} KiB of code. Hand in the functions of this exercise alone.",
        "파일의 코드가 {kib} KiB를 넘습니다. 이 과제의 함수만 제출하세요.",
    ),
    "submission.too_complex": (
        "The code ({unit}) is nested too deeply to be read. Write it more simply.",
        "코드({unit})가 너무 깊이 중첩되어 읽을 수 없습니다. 더 단순하게 작성하세요.",
    ),
    "submission.unusable": (
        "The file could not be read as Python ({type}: {message}).",
        "파일을 파이썬 코드로 읽을 수 없습니다({type}: {message}).",
    ),
    "submission.unreadable": ("The file could not be read: {error}.", "파일을 읽을 수 없습니다: {error}."),
    "submission.judge_raised": (
        "This program failed while grading ({type} at {place}: {message}). Report it; no points are lost.",
        "채점 프로그램에서 오류가 발생했습니다({place}의 {type}: {message}). 알려 주세요. 점수에는 반영되지 않습니다.",
    ),
    "submission.magic_skipped": (
        "cell {cell}: not run: {line}",
        "{cell}번째 셀: 실행하지 않음: {line}",
    ),
    "submission.checks_skipped": (
        "cells {cells}: not run, for they are marked as checks and not as your answer",
        "{cells}번째 셀: 답안이 아니라 검사 셀로 표시되어 있어 실행하지 않음",
    ),
    "submission.cell_unread": (
        "cell {cell}: its magics could not be read, so it is executed as it stands",
        "{cell}번째 셀: 매직 명령을 해석할 수 없어 있는 그대로 실행함",
    ),
    "submission.judge_died": (
        "The grading process died twice on this submission ({error}). Grade it again; if it happens again, report it.",
        "이 제출물을 채점하던 프로세스가 두 번 종료되었습니다({error}). 다시 채점하고, 반복되면 알려 주세요.",
    ),
    # --- how a tensor differs --------------------------------------------------------------------------------------
    "tensor.kind": ("returned {actual}, expected a tensor", "{actual}을(를) 반환했습니다. 텐서가 필요합니다"),
    "tensor.shape": (
        "returned shape {actual_shape}, expected {expected_shape}: {axes}",
        "반환한 형상은 {actual_shape}, 기대한 형상은 {expected_shape}: {axes}",
    ),
    "tensor.axis": ("axis {axis} has {actual}, not {expected}", "{axis}번 축이 {expected}이 아니라 {actual}"),
    "tensor.axes": ("{actual} axes, not {expected}", "축이 {expected}개가 아니라 {actual}개"),
    "tensor.dtype": (
        "returned dtype {actual_dtype}, expected {expected_dtype}",
        "반환한 자료형은 {actual_dtype}, 기대한 자료형은 {expected_dtype}",
    ),
    "tensor.values": (
        "{wrong} of {total} values are wrong ({share} %)",
        "값 {total}개 중 {wrong}개가 다릅니다({share} %)",
    ),
    "tensor.largest": (
        "the largest error is {error}, at {index}",
        "가장 큰 차이는 {index}에서 {error}",
    ),
    "tensor.largest_relative": (
        "the largest relative error is {error} %, at {index}",
        "가장 큰 상대 오차는 {index}에서 {error} %",
    ),
    "tensor.nan": ("{count} NaN", "NaN {count}개"),
    "tensor.infinite": ("{count} infinite", "무한대 {count}개"),
    "tensor.window": (
        "{index} is made from rows {first_row} to {last_row}, columns {first_column} to {last_column} of the input",
        "{index}은 입력의 {first_row}~{last_row}행, {first_column}~{last_column}열로 계산합니다",
    ),
    "tensor.window_padded": ("{sign} is padding", "{sign}은 패딩"),
    # --- what a wrong tensor is to the expected one ------------------------------------------------------------------
    "relation.list": (
        "The values are right, but they are a {type}, not a tensor.",
        "값은 맞지만 텐서가 아니라 {type}입니다.",
    ),
    "relation.dtype": (
        "The values are right; only the dtype is not.",
        "값은 모두 맞고 자료형만 다릅니다.",
    ),
    "relation.axes_of_length_one": (
        "The values are right; an axis of length 1 is missing or too many.",
        "값은 모두 맞지만 길이가 1인 축이 빠졌거나 더 있습니다.",
    ),
    "relation.reshaped": (
        "The values are right and in the right order; only the shape is another.",
        "값과 순서는 맞고 형상만 다릅니다.",
    ),
    "relation.swapped": (
        "This is the expected tensor with axes {first} and {second} swapped.",
        "기대한 텐서에서 {first}번 축과 {second}번 축이 서로 바뀌었습니다.",
    ),
    "relation.transposed": (
        "This is the expected tensor with its axes in the order {order}.",
        "기대한 텐서의 축 순서가 {order}(으)로 바뀌었습니다.",
    ),
    "relation.truncated": (
        "These are the expected values with their fractions cut off.",
        "기대한 값에서 소수 부분을 버린 값입니다.",
    ),
    "relation.floored": (
        "These are the expected values, rounded down.",
        "기대한 값을 내림한 값입니다.",
    ),
    "relation.rounded": (
        "These are the expected values, rounded to whole numbers.",
        "기대한 값을 정수로 반올림한 값입니다.",
    ),
    "relation.negated": (
        "These are the expected values with the opposite sign.",
        "기대한 값과 부호가 반대입니다.",
    ),
    "relation.scaled": (
        "These are the expected values multiplied by {factor}.",
        "기대한 값에 {factor}을(를) 곱한 값입니다.",
    ),
    "relation.offset": (
        "Each value is {offset} away from the expected one.",
        "모든 값이 기대한 값과 {offset}만큼 다릅니다.",
    ),
    "relation.flipped": (
        "This is the expected tensor, reversed along axis {axes}.",
        "기대한 텐서를 {axes}번 축 방향으로 뒤집은 것입니다.",
    ),
    "relation.shifted": (
        "These are the expected values, moved by {places} along axis {axis}.",
        "기대한 값이 {axis}번 축을 따라 {places}칸 밀려 있습니다.",
    ),
    "tensor.place": ("at {index}: {actual}, expected {expected}", "{index}: {actual}, 기대한 값 {expected}"),
    "tensor.yours": ("yours", "내 결과"),
    "tensor.expected": ("expected", "기대한 값"),
    # --- what a check says -----------------------------------------------------------------------------------------
    "check.equal": ("{what} is {actual}, expected {expected}", "{what}: {actual}, 기대한 값: {expected}"),
    "check.expect": ("not so: {what}", "성립하지 않음: {what}"),
    "check.changed": (
        "The call changed its argument number {position}. Work on a copy.",
        "호출이 {position}번째 인자를 바꾸었습니다. 복사본을 사용하세요.",
    ),
    "check.no_exception": (
        "`{call}` raised nothing, expected {expected}",
        "`{call}`에서 예외가 발생하지 않았습니다. {expected} 예외가 필요합니다",
    ),
    "check.other_exception": (
        "raised {actual}, expected {expected}",
        "{actual} 예외가 발생했습니다. {expected} 예외가 필요합니다",
    ),
    "check.bad_description": (
        "The {type} that was returned could not be described.",
        "반환된 {type} 객체의 구성을 읽을 수 없습니다.",
    ),
    "check.skipped": (
        "Skipped: it needs “{after}”, which did not pass.",
        "건너뜀: 먼저 다음 검사를 통과해야 합니다: {after}",
    ),
    "check.skipped_alone": (
        "Skipped: it needs another check, which did not pass.",
        "건너뜀: 먼저 통과해야 하는 다른 검사를 통과하지 못했습니다.",
    ),
    "check.assert": ("{text}", "{text}"),
    "check.unusable": (
        "The check could not use what was returned ({type}: {message})",
        "검사에서 반환값을 사용할 수 없었습니다({type}: {message})",
    ),
    "check.broken": (
        "The check itself broke ({type}: {message}). No points are lost; mend the check and grade again.",
        "검사 자체에 문제가 생겼습니다({type}: {message}). 점수에는 반영되지 않으며, 검사를 고친 뒤 다시 채점하세요.",
    ),
    "layer.none": (
        "returned {actual}, expected a Keras {expected}",
        "{actual}을(를) 반환했습니다. Keras {expected}이(가) 필요합니다",
    ),
    "layer.class": (
        "returned a {actual} layer, expected {expected}",
        "{actual} 레이어를 반환했습니다. {expected} 레이어가 필요합니다",
    ),
    "layer.config": (
        "the layer's {setting} is {actual}, expected {expected}",
        "레이어의 {setting} 설정이 {actual}입니다. 기대한 값은 {expected}입니다",
    ),
    # --- what was handed in ----------------------------------------------------------------------------------------
    "submissions.passed_over": (
        "{file}: passed over, no exercise of this course",
        "{file}: 이 강좌의 과제가 아니어서 제외",
    ),
    "submissions.link": (
        "{file}: passed over, links are not followed",
        "{file}: 링크는 따라가지 않으므로 제외",
    ),
    "submissions.empty": ("{folder}: no exercise handed in", "{folder}: 제출한 과제 없음"),
    "submissions.gone": (
        "{student} {exercise}: its file is not here any more ({file}); what was handed in and graded still counts",
        "{student} {exercise}: 파일이 더 이상 없음({file}). 이미 제출되어 채점된 결과는 그대로 반영",
    ),
    "submissions.gone_student": (
        "{student}: not here any more; what was handed in and graded before ({count}) still counts",
        "{student}: 더 이상 없음. 이미 제출되어 채점된 결과({count}개)는 그대로 반영",
    ),
    "submissions.no_file": (
        "{file}: passed over, neither a file nor a folder",
        "{file}: 파일도 폴더도 아니어서 제외",
    ),
    "submissions.not_of_form": (
        "{file}: passed over, not of the form {form}",
        "{file}: {form} 형식이 아니어서 제외",
    ),
    "submissions.library": (
        "{folder}: passed over, a folder of installed packages",
        "{folder}: 설치된 패키지 폴더여서 제외",
    ),
    "submissions.too_deep": (
        "{folder}: passed over, it lies too many folders deep",
        "{folder}: 폴더가 너무 깊어서 제외",
    ),
    "submissions.unreadable_folder": (
        "{folder}: cannot be read ({error}); what it may hold is left ungraded",
        "{folder}: 폴더를 읽을 수 없음({error}). 들어 있을 수 있는 과제는 채점하지 않음",
    ),
    "submissions.online_text": (
        "{file}: passed over, typed or linked online and not a file",
        "{file}: 파일이 아니라 온라인으로 입력하거나 연결한 것이어서 제외",
    ),
    "submissions.no_exercise_lms": (
        "{file}: passed over, its name is no exercise; name the assignment's exercise with --exercise",
        "{file}: 이름이 과제가 아니어서 제외. LMS 과제의 번호를 --exercise로 지정하세요",
    ),
    "submissions.taken_as": (
        "{file}: taken as {exercise}, the student's only file for it",
        "{file}: 학생의 유일한 파일이므로 {exercise}(으)로 채점",
    ),
    "submissions.one_of_several": (
        "{file}: not taken as {exercise}, the student has several files for it; rename the right one",
        "{file}: 파일이 여러 개라 {exercise}(으)로 채점하지 않음. 맞는 파일의 이름을 바꾸세요",
    ),
    "submissions.other_exercise": (
        "{file}: is {exercise} by its name, and {wanted} was asked for",
        "{file}: 이름으로는 {exercise}인데 {wanted} 채점을 요청함",
    ),
    "submissions.notebook_taken": (
        "{file}: its name is no exercise; by its headings and functions taken for {exercises}",
        "{file}: 이름이 과제가 아니어서 제목과 함수 이름을 보고 {exercises}(으)로 채점",
    ),
    "submissions.notebook_in_order": (
        "{file}: no heading says which exercise each {function} is for; taken in order, by cell: {taken}",
        "{file}: 각 {function} 함수가 어느 과제의 답인지 제목이 없어 순서대로 처리(셀 번호): {taken}",
    ),
    "submissions.notebook_unclear": (
        "{file}: no heading says which exercise {function} is for; taken for each that it may be, by cell: {taken}",
        "{file}: {function} 함수가 어느 과제의 답인지 제목이 없어 해당할 수 있는 과제 모두에 사용(셀 번호): {taken}",
    ),
    "submissions.notebook_unanswered": (
        "{file}: the cells below the heading of {exercise} neither define nor use its functions; nothing taken for it",
        "{file}: {exercise} 제목 아래 셀에서 그 과제의 함수를 정의하거나 사용하지 않아 제출하지 않은 것으로 처리",
    ),
    "submissions.notebook_named": (
        "{file}: not taken for {exercises}, for which the student has files of that name",
        "{file}: {exercises}은(는) 그 이름의 파일이 따로 있어 이 노트북에서는 채점하지 않음",
    ),
    "submissions.notebook_unread": (
        "{file}: passed over, its name is no exercise and what is in it cannot be told: {why}",
        "{file}: 이름이 과제가 아니고 내용도 알 수 없어 제외: {why}",
    ),
    "submissions.notebook_unreadable": (
        "{file}: cannot be read ({error}); what it may hold is left ungraded",
        "{file}: 읽을 수 없음({error}). 들어 있을 수 있는 과제는 채점하지 않음",
    ),
    "submissions.identical": (
        "{file}: the same content as {first}, counts as one attempt",
        "{file}: {first}와(과) 내용이 같아 한 번의 시도로 처리",
    ),
    "submissions.attempts": (
        "{student} {exercise}: {count} attempts, in this order: {files}",
        "{student} {exercise}: 시도 {count}회, 순서: {files}",
    ),
    "submissions.canvas_late": (
        "{file}: marked late by Canvas, which does not say how late",
        "{file}: Canvas가 지각으로 표시함(얼마나 늦었는지는 알 수 없음)",
    ),
    "submissions.no_times": (
        "This download does not tell when files were handed in (its dates are the download's): see manifest.csv in "
        "docs/handing-in.md",
        "이 다운로드에는 제출 시각이 없습니다(날짜는 다운로드한 시각). docs/handing-in.md의 manifest.csv를 보세요",
    ),
    "submissions.bad_timestamp": (
        "{file}: no time that can be read ({text!r})",
        "{file}: 시각을 읽을 수 없음({text!r})",
    ),
    "submissions.merged": (
        "{student}: one student under several names: {names}",
        "{student}: 이름은 여러 가지지만 같은 학생: {names}",
    ),
    "submissions.same_name": (
        "{name}: several students have this name; this one is {student}",
        "{name}: 이름이 같은 학생이 여러 명이어서 {student}(으)로 구별",
    ),
    "submissions.not_on_roster": (
        "{student}: not on the roster, graded under this name",
        "{student}: 명단에 없음. 이 이름으로 채점",
    ),
    "submissions.roster_many": (
        "{student}: the roster does not say who this is ({known})",
        "{student}: 명단으로는 누구인지 알 수 없음({known})",
    ),
    "submissions.manifest_unused": (
        "manifest, line {line}: nothing handed in fits {student}, {what}",
        "manifest {line}번째 줄: {student}, {what}에 해당하는 제출물 없음",
    ),
    "submissions.zip_outside": (
        "{file}: not unpacked, its path leads out of the zip",
        "{file}: 경로가 zip 바깥을 가리켜 풀지 않음",
    ),
    "submissions.zip_encrypted": (
        "{file}: not unpacked, it is encrypted",
        "{file}: 암호가 걸려 있어 풀지 않음",
    ),
    "submissions.zip_member_large": (
        "{file}: not unpacked, larger than {mib} MiB or more than {ratio} times its packed size",
        "{file}: {mib} MiB보다 크거나 압축 크기의 {ratio}배가 넘어 풀지 않음",
    ),
    "submissions.zip_member_damaged": (
        "{file}: not unpacked, damaged or packed in an unknown way ({error})",
        "{file}: 손상되었거나 알 수 없는 방식으로 압축되어 풀지 않음({error})",
    ),
    "submissions.zip_member_clash": (
        "{file}: not unpacked, the zip has a file and a folder of this name",
        "{file}: 같은 이름의 파일과 폴더가 있어 풀지 않음",
    ),
    "submissions.zip_damaged": (
        "{zip}: not unpacked, no zip or damaged ({error})",
        "{zip}: zip이 아니거나 손상되어 풀지 않음({error})",
    ),
    "submissions.zip_too_large": (
        "{zip}: not unpacked, larger than {mib} MiB",
        "{zip}: {mib} MiB보다 커서 풀지 않음",
    ),
    "submissions.zip_many": (
        "{zip}: not unpacked, more than {members} files",
        "{zip}: 파일이 {members}개보다 많아 풀지 않음",
    ),
    "submissions.zip_bomb": (
        "{zip}: not unpacked, its files are larger than {mib} MiB together",
        "{zip}: 푼 크기가 모두 합해 {mib} MiB보다 커서 풀지 않음",
    ),
    "submissions.zip_nested": (
        "{zip}: not unpacked, a zip within a zip within a zip",
        "{zip}: zip 안의 zip 안의 zip이어서 풀지 않음",
    ),
    "submissions.zip_unreadable": (
        "{zip}: cannot be read or unpacked ({error}); what it may hold is left ungraded",
        "{zip}: 읽거나 풀 수 없음({error}). 들어 있을 수 있는 과제는 채점하지 않음",
    ),
    # --- what is wrong with a roster or a manifest -----------------------------------------------------------------
    "table.too_large": ("is larger than {mib} MiB", "{mib} MiB보다 큽니다"),
    "table.no_column": (
        "has no column {missing} (given: {given}); see docs/handing-in.md",
        "{missing} 열이 없습니다(있는 열: {given}). docs/handing-in.md를 보세요",
    ),
    "table.no_cell": ("{missing} is empty", "{missing}이(가) 비어 있습니다"),
    "table.twice": ("the same as {other}", "{other}와(과) 같습니다"),
    "table.no_exercise": ("exercise: there is no {given!r}", "exercise: {given!r}라는 과제가 없습니다"),
    "table.bad_time": (
        "submitted_at: {given!r} is no time with its zone, as 2026-03-02T23:59:00+09:00",
        "submitted_at: {given!r}은(는) 시간대가 있는 시각이 아닙니다. 예: 2026-03-02T23:59:00+09:00",
    ),
    "table.bad_attempt": (
        "attempt: {given!r} is no whole number",
        "attempt: {given!r}은(는) 정수가 아닙니다",
    ),
    # --- what was asked for ----------------------------------------------------------------------------------------
    "request.no_course": (
        "There is no course.yml in {folder} or above it. Go to the course's folder, or name it with --course.",
        "{folder}와 그 상위 폴더에 course.yml이 없습니다. 강좌 폴더로 이동하거나 --course로 지정하세요.",
    ),
    "request.no_exercise": (
        "There is no exercise {name!r}. The exercises are: {known}.",
        "{name!r}라는 과제가 없습니다. 과제 목록: {known}.",
    ),
    "request.no_answer": (
        "There is no answer to check: {tried}. Begin with: cp {stub} {file}",
        "채점할 답안이 없습니다: {tried}. 다음 명령으로 시작하세요: cp {stub} {file}",
    ),
    "request.not_in_notebook": (
        "{file} has headings for several exercises ({found}) and nothing for {exercise}. Put its functions below a heading "
        "such as '## {exercise}'.",
        "{file}에는 여러 과제({found})의 제목이 있지만 {exercise}의 답은 없습니다. '## {exercise}' 같은 제목 아래에 함수를 "
        "두세요.",
    ),
    "request.two_answers": (
        "There are two answers, {first} and {second}. Name one with --file.",
        "답안이 {first}와 {second} 두 개입니다. --file로 하나를 지정하세요.",
    ),
    "request.unreadable": ("{file} cannot be read: {error}.", "{file} 파일을 읽을 수 없습니다: {error}."),
    "request.bad_suffix": (
        "{file} is neither a Python file nor a notebook (.py, .ipynb).",
        "{file}은(는) 파이썬 파일이나 노트북(.py, .ipynb)이 아닙니다.",
    ),
    "request.no_folder": (
        "There is no folder and no zip {folder}. Name what holds the class's submissions: see docs/handing-in.md.",
        "{folder} 폴더나 zip 파일이 없습니다. 학급의 제출물이 들어 있는 것을 지정하세요. docs/handing-in.md를 보세요.",
    ),
    "request.no_submissions": (
        "No submission was found in {folder}. Expected: {folder}/<student>/ex01.py or .ipynb, or another form of "
        "docs/handing-in.md.",
        "{folder}에서 제출물을 찾지 못했습니다. 필요한 형식: {folder}/<학생>/ex01.py 또는 .ipynb, "
        "그 밖의 형식은 docs/handing-in.md를 보세요.",
    ),
    "request.nothing_usable": (
        "No submission was found in {folder}. Expected: {folder}/<student>/ex01.py or .ipynb, or another form of "
        "docs/handing-in.md. Of what is there: {first} (and {more} more)",
        "{folder}에서 제출물을 찾지 못했습니다. 필요한 형식: {folder}/<학생>/ex01.py 또는 .ipynb, "
        "그 밖의 형식은 docs/handing-in.md를 보세요. 있는 것: {first} (외 {more}개)",
    ),
    "request.zip_refused": (
        "{file} cannot be used: {why}. Unpack it yourself and name the folder.",
        "{file}을(를) 사용할 수 없습니다: {why}. 직접 풀어서 폴더를 지정하세요.",
    ),
    "request.no_solutions": (
        "This course has no solutions/ folder: it is the students' version. Use `grader check`.",
        "solutions/ 폴더가 없는 학생용 강좌입니다. `grader check`를 사용하세요.",
    ),
    "request.unwritable": (
        "{file} cannot be written: {error}. Name another folder with --output.",
        "{file}에 쓸 수 없습니다: {error}. --output으로 다른 폴더를 지정하세요.",
    ),
    # --- what is wrong with a course -------------------------------------------------------------------------------
    "course.unreadable": ("cannot be read: {error}", "읽을 수 없습니다: {error}"),
    "course.yaml": ("is not valid YAML: {problem}", "올바른 YAML이 아닙니다: {problem}"),
    "course.no_mapping": (
        "holds no fields; it begins with `format: 1`",
        "항목이 없습니다. `format: 1`로 시작해야 합니다",
    ),
    "course.field_missing": ("is missing", "항목이 없습니다"),
    "course.field_unknown": (
        "is no field of a course (given: {given}); see docs/course.md",
        "알 수 없는 항목입니다(값: {given}). docs/course.md를 보세요",
    ),
    "course.field_wrong": ("{problem} (given: {given})", "값이 올바르지 않습니다: {problem} (값: {given})"),
    "course.slug_twice": ("{slug!r} is the slug of {other} too", "{slug!r}은(는) {other}의 slug와 같습니다"),
    "course.file_missing": ("is missing; {exercise} needs it", "파일이 없습니다. {exercise}에 필요합니다"),
    "course.python": ("is not valid Python: {problem}", "올바른 파이썬이 아닙니다: {problem}"),
    "course.stub_empty": (
        "defines no public function for students to write",
        "학생이 작성할 공개 함수가 없습니다",
    ),
    "course.banned_function": (
        "the stub defines no {function!r}; it defines {functions}",
        "처음 주는 파일에 {function!r} 함수가 없습니다. 정의된 함수: {functions}",
    ),
    "course.check_file": ("cannot be collected by pytest: {error}", "pytest로 불러올 수 없습니다: {error}"),
    "course.check_undecorated": (
        "{check} has no @check(points=..., en=..., ko=...)",
        "{check}에 @check(points=..., en=..., ko=...)가 없습니다",
    ),
    "course.check_points": (
        "{check}: points is {points}, a number above 0 is needed",
        "{check}: points가 {points}입니다. 0보다 큰 수여야 합니다",
    ),
    "course.check_text": (
        "{check}: the text in {language!r} is missing or in another language",
        "{check}: {language!r} 문장이 없거나 다른 언어입니다",
    ),
    "course.check_after": (
        "{check}: after={after!r} names no check above it in this file",
        "{check}: 이 파일에서 이 검사보다 앞에 after={after!r}에 해당하는 검사가 없습니다",
    ),
    "course.points_sum": (
        "is {points}, but the checks of {exercise} add up to {sum}",
        "{points}점인데 {exercise} 검사의 합은 {sum}점입니다",
    ),
    "course.reference_fails": (
        "the reference does not pass {check} ({verdict}: {why}). Mend it before grading a class",
        "정답이 {check} 검사를 통과하지 못합니다({verdict}: {why}). 채점 전에 고치세요",
    ),
    # --- what a course falls short of -------------------------------------------------------------------------------
    "verify.stray_file": (
        "does not belong here; expected are {expected}",
        "여기에 있으면 안 되는 파일입니다. 있어야 할 것: {expected}",
    ),
    "verify.no_tasks": (
        "has no section {heading!r} with numbered tasks",
        "번호가 붙은 과제를 담은 {heading!r} 절이 없습니다",
    ),
    "verify.not_korean": ("holds no Korean", "한국어 문장이 없습니다"),
    "verify.tasks_differ": (
        "has {ko} numbered tasks, the English statement {en}",
        "과제가 {ko}개인데 영어 설명에는 {en}개입니다",
    ),
    "verify.reference_fails": (
        "the reference does not pass {check} in any of {runs} runs ({why})",
        "정답이 {runs}번 모두 {check} 검사를 통과하지 못했습니다({why})",
    ),
    "verify.flaky": (
        "{check} is flaky: the reference missed it in {count} of {runs} runs ({why})",
        "{check} 검사가 불안정합니다. 정답이 {runs}번 중 {count}번 통과하지 못했습니다({why})",
    ),
    "verify.stub_earns": (
        "the stub earns {points} for {check}",
        "처음 주는 파일이 그대로 {check} 검사에서 {points}점을 얻습니다",
    ),
    "verify.no_misconceptions": ("holds no misconception", "알려진 오답이 하나도 없습니다"),
    "verify.misconception_text": (
        "{id}: the explanation in {language!r} is missing",
        "{id}: {language!r} 설명이 없습니다",
    ),
    "verify.misconception_function": (
        "{id} replaces {name!r}, which is no function of the exercise ({known})",
        "{id}이(가) 바꾸는 {name!r}은(는) 이 과제의 함수가 아닙니다({known})",
    ),
    "verify.misconception_broken": (
        "{id} could not be tried ({why})",
        "{id}을(를) 시험할 수 없었습니다({why})",
    ),
    "verify.misconception_passes": (
        "{id} earns full points: no check tells it from the reference",
        "{id}이(가) 만점을 얻습니다. 정답과 구별하는 검사가 없습니다",
    ),
    "verify.misconception_crashes": (
        "{id} only raises, so that nothing is compared ({why})",
        "{id}은(는) 예외만 일으켜서 비교할 값이 없습니다({why})",
    ),
    "verify.misconception_unnamed": (
        "{id} is not diagnosed as itself but as {named}; tell them apart with a check, or declare same_as",
        "{id}이(가) 자신이 아니라 {named}(으)로 진단됩니다. 구별하는 검사를 추가하거나 same_as로 선언하세요",
    ),
    "verify.tolerance_hides": (
        "{check} passes {id} although it is off by {error}: its tolerance is too wide",
        "{id}이(가) {error}만큼 다른데도 {check} 검사를 통과합니다. 허용 오차가 너무 큽니다",
    ),
    "verify.tolerance_below_noise": (
        "{check}: float32 and float64 differ by {error}, more than its tolerance allows",
        "{check}: float32와 float64의 차이 {error}이(가) 허용 오차보다 큽니다",
    ),
    "verify.mutants": (
        "the checks catch {killed} of {total} automatic mutants, {wanted} are wanted",
        "자동으로 만든 오답 {total}개 중 {killed}개만 잡아냅니다. {wanted}가 필요합니다",
    ),
    "verify.title": ("Proof of the course: {course}", "강좌 검증: {course}"),
    "verify.exercise": ("exercise", "과제"),
    "verify.checks": ("checks", "검사"),
    "verify.misconceptions": ("mistakes caught", "잡은 오답"),
    "verify.named": ("named", "진단"),
    "verify.killed": ("mutants killed", "잡은 변형"),
    "verify.waived": ("waived", "제외"),
    "verify.seconds": ("seconds", "초"),
    "verify.result": ("result", "결과"),
    "verify.good": ("proved", "증명됨"),
    "verify.short": ("faults: {count}", "문제 {count}개"),
    "verify.all_good": (
        "Everything holds (exercises: {exercises}; {seconds:.0f} s).",
        "모두 성립합니다: 과제 {exercises}개, {seconds:.0f}초.",
    ),
    "verify.some_short": ("Falling short ({count}):", "부족한 점 {count}개:"),
    "verify.survivor": (
        "survives: {file}, line {line} ({operator})",
        "살아남음: {file} {line}번째 줄({operator})",
    ),
    "verify.working": ("Proving", "검증 중"),
    # --- what is wrong with a waiver --------------------------------------------------------------------------------
    "waiver.no_list": (
        "is no list; each item holds mutant, code and reason",
        "목록이 아닙니다. 항목마다 mutant, code, reason이 필요합니다",
    ),
    "waiver.unknown_field": (
        "is no field of a waiver (given: {given}); it holds mutant, code and reason",
        "알 수 없는 항목입니다(값: {given}). mutant, code, reason만 쓸 수 있습니다",
    ),
    "waiver.twice": ("{mutant} is waived by {other} too", "{mutant}은(는) {other}에서도 제외되었습니다"),
    "waiver.no_mutant": (
        "the reference has no mutant {mutant}; remove the waiver",
        "정답에 {mutant} 변형이 없습니다. 이 항목을 지우세요",
    ),
    "waiver.other_code": (
        "{mutant} now reads {code!r}, not {given!r}; see whether the reason still holds",
        "{mutant}의 코드가 이제 {given!r}이(가) 아니라 {code!r}입니다. 이유가 아직 맞는지 확인하세요",
    ),
    # --- the students' version, and what must not be in it ------------------------------------------------------------
    "release.nowhere": (
        "Name a folder for the students' version, or a zip with --zip.",
        "학생용 강좌를 저장할 폴더나 --zip으로 zip 파일을 지정하세요.",
    ),
    "release.not_empty": (
        "{folder} holds something else than an earlier release of this course. Name a new or an empty folder.",
        "{folder}에 이 강좌의 이전 배포본이 아닌 것이 있습니다. 새 폴더나 빈 폴더를 지정하세요.",
    ),
    "release.there": (
        "{folder} holds an earlier release. With --force its exercises/, course.yml and READMEs are replaced; "
        "answers that were changed stay as they are.",
        "{folder}에 이전 배포본이 있습니다. --force를 쓰면 exercises/, course.yml, README를 교체하고 "
        "수정된 답안은 그대로 둡니다.",
    ),
    "release.zip_there": (
        "{file} is there already. Name another file, or replace it with --force.",
        "{file}이(가) 이미 있습니다. 다른 파일을 지정하거나 --force로 교체하세요.",
    ),
    "release.zip_inside": (
        "The zip {file} would lie in the release {folder} itself. Name a place outside of it.",
        "zip 파일 {file}이(가) 배포본 {folder} 안에 놓입니다. 바깥의 위치를 지정하세요.",
    ),
    "release.inside": (
        "{folder} holds the course, or lies in its exercises/ or solutions/. Name a place of its own.",
        "{folder}은(는) 강좌가 들어 있는 폴더이거나 exercises/ 또는 solutions/ 안에 있습니다. 다른 위치를 지정하세요.",
    ),
    "release.unwritable": (
        "{file} cannot be written: {error}. Nothing was changed; name another place.",
        "{file}에 쓸 수 없습니다: {error}. 아무것도 바꾸지 않았습니다. 다른 위치를 지정하세요.",
    ),
    "release.done": (
        "Nothing hidden was found. {exercises} exercises, {files} files, {size} kB.",
        "비공개 내용이 발견되지 않았습니다. 과제 {exercises}개, 파일 {files}개, {size} kB.",
    ),
    "release.kept": ("Answers left as they were: {files}", "그대로 둔 답안: {files}"),
    "release.left_out": (
        "Left out, because they belong to no exercise: {files}",
        "과제에 속하지 않아 제외한 파일: {files}",
    ),
    "leak.line": (
        "holds what stands in {hidden}, line {line}: {text}. Take it out, or end that hidden line with `# given` "
        "if students may have it",
        "{hidden} {line}번째 줄의 내용이 들어 있습니다: {text}. 지우거나, 공개해도 되면 {hidden}의 그 줄 끝에 "
        "`# given`을 붙이세요",
    ),
    "leak.body": (
        "the function {text!r} does what the function in {hidden}, line {line}, does. Take it out, or end that hidden "
        "`def` line with `# given` if students may have it",
        "{text!r} 함수의 내용이 {hidden} {line}번째 줄의 함수와 같습니다. 지우거나, 공개해도 되면 {hidden}의 그 `def` 줄 끝에 "
        "`# given`을 붙이세요",
    ),
    "leak.numbers": (
        "holds the numbers of {hidden}, line {line}: {text}. Take them out, or end that hidden line with `# given` "
        "if students may have them",
        "{hidden} {line}번째 줄의 수가 들어 있습니다: {text}. 지우거나, 공개해도 되면 {hidden}의 그 줄 끝에 "
        "`# given`을 붙이세요",
    ),
    "leak.name": (
        "{name!r} is the name of a file of solutions/; take it out or rename it",
        "{name!r}은(는) solutions/에 있어야 할 파일 이름입니다. 지우거나 이름을 바꾸세요",
    ),
    "leak.copy": ("is a copy of {hidden}; take it out", "{hidden}의 복사본입니다. 지우세요"),
    "leak.link": (
        "is a link to {target}, which is no file of exercises/; put the file itself here",
        "exercises/의 파일이 아닌 {target}(으)로 가는 링크입니다. 파일 자체를 넣으세요",
    ),
    # --- what is wrong with us -------------------------------------------------------------------------------------
    "runner.no_bubblewrap": (
        "bubblewrap (bwrap) is not installed, so student code cannot be sandboxed. Install it: "
        "`sudo apt-get install bubblewrap`, or without root `pip install 'grader[bubblewrap]'`. "
        "Machines that forbid it: see --isolation.",
        "bubblewrap(bwrap)이 없어 학생 코드를 격리할 수 없습니다. 설치: `sudo apt-get install bubblewrap`, "
        "root 권한이 없으면 `pip install 'grader[bubblewrap]'`. 사용할 수 없는 컴퓨터에서는 --isolation을 참고하세요.",
    ),
    "runner.no_libseccomp": (
        "libseccomp is not installed ({error}). Install it: `sudo apt-get install libseccomp2`.",
        "libseccomp가 없습니다({error}). 설치: `sudo apt-get install libseccomp2`.",
    ),
    "runner.no_setpriv": (
        "setpriv is not installed, and Python lies where only root can read it. Install util-linux, "
        "or grade as an ordinary user.",
        "setpriv가 없고 파이썬이 root만 읽을 수 있는 곳에 있습니다. util-linux를 설치하거나 일반 사용자로 채점하세요.",
    ),
    "runner.no_start": (
        "The sandbox did not start. If this machine forbids user namespaces, see --isolation. What it said: {error}",
        "격리 환경을 시작하지 못했습니다. 사용자 네임스페이스가 금지된 컴퓨터라면 --isolation을 참고하세요. 메시지: {error}",
    ),
    "runner.no_seccomp": (
        "The seccomp filter is not in force; nothing is graded without it.",
        "seccomp 필터가 적용되지 않아 채점하지 않습니다.",
    ),
    "runner.no_landlock": (
        "--isolation reduced needs version {needed} of Landlock (Linux 6.2), and this kernel has {version} (0: none). "
        "Use full, or none for trusted code.",
        "--isolation reduced에는 Landlock {needed} 이상(Linux 6.2)이 필요하지만 이 커널은 {version}입니다(0이면 없음). "
        "full을 쓰거나 믿을 수 있는 코드라면 none을 쓰세요.",
    ),
    "runner.died": (
        "The sandbox died ({error}). Grade again; if it happens again, report it.",
        "격리 환경이 종료되었습니다({error}). 다시 채점하고, 반복되면 알려 주세요.",
    ),
    "runner.no_worker": (
        "The sandbox could not confine a worker ({error}).",
        "격리 환경에서 작업 프로세스를 제한하지 못했습니다({error}).",
    ),
    "runner.reference_died": (
        "The reference did not answer: {why} No points are lost; mend it and grade again.",
        "정답 코드가 답하지 않았습니다: {why} 점수에는 반영되지 않으며, 고친 뒤 다시 채점하세요.",
    ),
    "runner.no_reference": (
        "A check of {exercise} asks for the reference, and this version of the course has none.",
        "{exercise}의 검사에 정답이 필요하지만 이 강좌에는 정답이 없습니다.",
    ),
    "gradebook.cannot_open": (
        "The gradebook {file} cannot be opened: {error}. Name another folder with --output, or move the file away.",
        "성적부 {file}을(를) 열 수 없습니다: {error}. --output으로 다른 폴더를 지정하거나 파일을 옮기세요.",
    ),
    "gradebook.cannot_write": (
        "The gradebook {file} cannot be written: {error}. What was committed before is safe; grade again to go on.",
        "성적부 {file}에 쓸 수 없습니다: {error}. 이미 저장된 결과는 안전하며, 다시 채점하면 이어집니다.",
    ),
    "gradebook.other_course": (
        "The gradebook {file} belongs to the course {there!r}, not to {here!r}. Name another folder with --output.",
        "성적부 {file}은(는) {here!r}이(가) 아니라 {there!r} 강좌의 것입니다. --output으로 다른 폴더를 지정하세요.",
    ),
    "gradebook.other_schema": (
        "The gradebook {file} was made by another version of this program (format {schema}). Name another folder with "
        "--output, or move the file away.",
        "성적부 {file}은(는) 다른 버전의 프로그램이 만든 것입니다(형식 {schema}). --output으로 다른 폴더를 지정하거나 "
        "파일을 옮기세요.",
    ),
    "gradebook.in_use": (
        "Another process ({process}) is grading into {file}. Wait until it is done, or name another folder with --output.",
        "다른 프로세스({process})가 {file}에 채점하고 있습니다. 끝날 때까지 기다리거나 --output으로 다른 폴더를 지정하세요.",
    ),
    "request.empty_option": ("{option} is empty.", "{option} 값이 비어 있습니다."),
    "request.bad_points": (
        "Points must lie between 0 and {most}, not {points}.",
        "점수는 0에서 {most} 사이여야 합니다. 받은 값: {points}.",
    ),
    "request.bad_moment": (
        "{given!r} is no moment with a time zone. Example: 2026-12-05T23:59:00+09:00",
        "{given!r}은(는) 시간대가 있는 시각이 아닙니다. 예: 2026-12-05T23:59:00+09:00",
    ),
    "request.no_student": (
        "The gradebook knows no student {student!r}. Some that it knows: {near}.",
        "성적부에 {student!r} 학생이 없습니다. 있는 학생: {near}.",
    ),
    "request.no_run": (
        "The gradebook holds no run {run}. It holds: {known}.",
        "성적부에 {run}번 실행이 없습니다. 있는 실행: {known}.",
    ),
    "request.regrade_what": (
        "Say --preview, --apply or --cancel.",
        "--preview, --apply, --cancel 가운데 하나를 지정하세요.",
    ),
    "request.no_proposal": (
        "No regrade waits for a decision. `grader regrade --preview` makes one.",
        "결정을 기다리는 재채점이 없습니다. 먼저 `grader regrade --preview`를 실행하세요.",
    ),
    "request.proposal_waits": (
        "A regrade (run {run}) waits for a decision: `grader regrade --apply` or `--cancel` first.",
        "결정을 기다리는 재채점(실행 {run})이 있습니다. 먼저 `grader regrade --apply` 또는 `--cancel`을 실행하세요.",
    ),
    "request.no_gradebook": (
        "There is no gradebook {file}. `grader grade` makes it; --graded names its folder.",
        "성적부 {file}이(가) 없습니다. `grader grade`로 만들거나 --graded로 폴더를 지정하세요.",
    ),
    "request.no_adjustment": (
        "There is no decision with the number {number} that still holds. `grader history STUDENT` lists them.",
        "유효한 결정 가운데 번호 {number}은(는) 없습니다. `grader history STUDENT`로 확인하세요.",
    ),
    "request.no_dask": (
        "--cluster needs Dask, and {module} is not installed: pip install 'grader[cluster]'.",
        "--cluster에는 Dask가 필요한데 {module}이(가) 없습니다. pip install 'grader[cluster]'로 설치하세요.",
    ),
    # --- a cluster -------------------------------------------------------------------------------------------------
    "cluster.no_scheduler": (
        "No Dask scheduler answers at {address}: {error}. `dask scheduler` starts one.",
        "{address}에서 응답하는 Dask 스케줄러가 없습니다: {error}. `dask scheduler`로 시작하세요.",
    ),
    "cluster.refused": (
        "The worker {worker} does not grade: its environment is another ({differences}). "
        "Install the same versions there, or use --any-environment.",
        "워커 {worker}은(는) 환경이 달라 채점하지 않습니다({differences}). 같은 버전을 설치하거나 --any-environment를 "
        "쓰세요.",
    ),
    "cluster.no_worker": (
        "None of the {count} workers may grade this course.",
        "워커 {count}개 가운데 이 강좌를 채점할 수 있는 것이 없습니다.",
    ),
    "cluster.waiting": (
        "No worker is connected; {left} submissions wait. `dask worker` starts one.",
        "연결된 워커가 없습니다. 제출물 {left}개가 기다립니다. `dask worker`로 시작하세요.",
    ),
    "cluster.lost": (
        "The scheduler is gone after {done} submissions. What is graded is kept; run the same command to go on.",
        "제출물 {done}개를 채점한 뒤 스케줄러 연결이 끊겼습니다. 채점된 결과는 남아 있으며, 같은 명령을 다시 실행하면 "
        "이어집니다.",
    ),
    # --- what changed ----------------------------------------------------------------------------------------------
    "history.when": ("when", "시각"),
    "history.exercise": ("exercise", "과제"),
    "history.what": ("what", "내용"),
    "history.who": ("who", "누가"),
    "history.run": ("run", "실행"),
    "history.grades": ("grades", "채점 수"),
    "history.state": ("state", "상태"),
    "history.student": ("student", "학생"),
    "history.before": ("before", "이전"),
    "history.after": ("after", "이후"),
    "history.checks": ("by which check", "바뀐 검사"),
    "history.counted": ("counts", "반영됨"),
    "history.proposed": ("waits for a decision", "결정 대기"),
    "history.cancelled": ("cancelled", "취소됨"),
    "history.interrupted": ("stopped before its end", "도중에 중단됨"),
    "history.handed_in": ("handed in: {file} ({digest})", "제출: {file} ({digest})"),
    "history.graded": ("graded: {points}/{possible} ({digest})", "채점: {points}/{possible} ({digest})"),
    "history.ungraded": ("could not be graded ({digest})", "채점하지 못함 ({digest})"),
    "history.override": ("points set to {points}: {why}", "점수를 {points}(으)로 정함: {why}"),
    "history.comment": ("comment: {why}", "의견: {why}"),
    "history.extension": ("extended until {until}: {why}", "{until}까지 연장: {why}"),
    "history.withdrawn": ("withdrew {number}", "{number} 취소"),
    "history.changes": (
        "Up: {up}, down: {down}, other checks but the same points: {same}.",
        "오름 {up}, 내림 {down}, 점수는 같고 검사만 다름 {same}.",
    ),
    "history.applied": (
        "Applied run {run}: {grades} grades count now.",
        "실행 {run}을(를) 반영했습니다. 채점 {grades}건.",
    ),
    "history.dropped": (
        "Dropped run {run} ({grades} grades); nothing has changed.",
        "실행 {run}을(를) 버렸습니다(채점 {grades}건). 바뀐 것은 없습니다.",
    ),
    "history.nothing_to_regrade": (
        "Nothing to grade again: no check, reference, limit or package has changed. --force grades all the same.",
        "다시 채점할 것이 없습니다. 검사, 정답, 제한, 패키지가 그대로입니다. 그래도 채점하려면 --force를 쓰세요.",
    ),
    "history.decide": (
        "Nothing of this counts yet: `grader regrade --apply` or `grader regrade --cancel`.",
        "아직 반영되지 않았습니다. `grader regrade --apply` 또는 `grader regrade --cancel`을 실행하세요.",
    ),
    "cli.overridden": (
        "{student} {exercise}: points set to {points}. Now {now}.",
        "{student} {exercise}: 점수를 {points}(으)로 정했습니다. 현재 {now}.",
    ),
    "cli.commented": (
        "{student} {exercise}: comment recorded. Now {now}.",
        "{student} {exercise}: 의견을 기록했습니다. 현재 {now}.",
    ),
    "cli.extended": (
        "{student} {exercise}: extended until {until}. Now {now}.",
        "{student} {exercise}: {until}까지 연장했습니다. 현재 {now}.",
    ),
    "cli.withdrawn": (
        "{student} {exercise}: decision {number} withdrawn. Now {points}.",
        "{student} {exercise}: 결정 {number}을(를) 취소했습니다. 현재 {points}.",
    ),
    # --- the command line and the reports --------------------------------------------------------------------------
    "cli.error": ("Error", "오류"),
    "cli.interrupted": (
        "Stopped after {done} of {total} submissions. What is graded is kept in {file}; run the same command to go on.",
        "제출물 {total}개 중 {done}개를 채점하고 중단했습니다. 채점된 결과는 {file}에 있으며, 같은 명령을 다시 실행하면 "
        "이어집니다.",
    ),
    "cli.interrupted_check": ("Stopped.", "중단했습니다."),
    "feedback.same_mistake": ("the same mistake as above", "위와 같은 실수입니다"),
    "cli.hidden": ("hidden", "비공개"),
    "cli.points": ("points", "점수"),
    "cli.checking": ("Checking {file} for {exercise} — {title}", "{exercise} — {title}: {file} 채점"),
    "cli.all_passed": ("All checks passed.", "모든 검사를 통과했습니다."),
    "cli.some_failed": (
        "{failed} of {total} checks did not pass.",
        "검사 {total}개 중 {failed}개를 통과하지 못했습니다.",
    ),
    "cli.printed": ("printed", "출력"),
    "cli.call": ("call", "호출"),
    "cli.protections": ("Protections", "보호 수준"),
    "cli.protection_full": (
        "full: namespaces (bubblewrap), {landlock}, seccomp, resource limits",
        "full: 네임스페이스(bubblewrap), {landlock}, seccomp, 자원 제한",
    ),
    "cli.protection_reduced": (
        "reduced: {landlock}, seccomp, resource limits; no namespaces",
        "reduced: {landlock}, seccomp, 자원 제한(네임스페이스 없음)",
    ),
    "cli.protection_none": (
        "NONE but resource limits: student code can read and change what you can",
        "자원 제한뿐: 학생 코드가 사용자의 모든 파일을 읽고 바꿀 수 있습니다",
    ),
    "cli.protection_user": (
        "NONE but resource limits: student code runs as user {user}. It can read what every user of this machine can, and "
        "use the network",
        "자원 제한뿐: 학생 코드가 사용자 {user}로 실행되어 이 컴퓨터의 모든 사용자가 읽을 수 있는 파일과 네트워크를 쓸 수 "
        "있습니다",
    ),
    "cli.landlock": ("Landlock {version}", "Landlock {version}"),
    "cli.no_landlock": ("no Landlock in this kernel", "커널에 Landlock 없음"),
    "cli.starting": ("Checking the reference", "정답 확인 중"),
    "cli.grading": ("Grading", "채점 중"),
    "cli.rate": ("{rate:.1f}/s, not passed: {failures}", "초당 {rate:.1f}개, 미통과 {failures}개"),
    "cli.to_do": (
        "To grade: {submissions}; unchanged: {kept}.",
        "채점할 것 {submissions}개, 바뀌지 않은 것 {kept}개.",
    ),
    "cli.so_far": (
        "{done}/{total}, {rate:.1f}/s, {left} left, not passed: {failures}",
        "{done}/{total}, 초당 {rate:.1f}개, 남은 시간 {left}, 미통과 {failures}개",
    ),
    "cli.kept": (
        "Unchanged since they were graded, and not graded again: {count} (--force grades them).",
        "채점한 뒤 바뀌지 않아 다시 채점하지 않은 것: {count}개(--force로 다시 채점).",
    ),
    "cli.student": ("student", "학생"),
    "cli.total": ("total", "합계"),
    "cli.class_title": ("Grades: {course}", "성적: {course}"),
    "cli.graded": (
        "Graded in {seconds:.1f} s ({rate:.1f} a second): submissions {submissions}, students {students}.",
        "학생 {students}명의 제출물 {submissions}개를 {seconds:.1f}초에 채점했습니다(초당 {rate:.1f}개).",
    ),
    "cli.ungraded": (
        "Could not be graded, through no fault of the students; no score is recorded ({count}):",
        "제출물 {count}개를 채점하지 못했습니다(학생의 잘못이 아니며 점수는 기록하지 않음):",
    ),
    "cli.notes": ("About what was handed in:", "제출물에 대하여:"),
    "cli.more_notes": ("… and {count} more, all of them in {file}", "… 외 {count}개, 전체 목록: {file}"),
    "cli.written": ("Written: {files}", "저장: {files}"),
    "cli.report": ("Report: {file}", "보고서: {file}"),
    "cli.legend": (
        "– nothing handed in | · stub | ! ungraded | F banned | T too slow | M memory | C crashed | E error | L late | "
        "* by hand",
        "– 미제출 | · 미작성 | ! 채점 안 됨 | F 금지된 사용 | T 시간 초과 | M 메모리 초과 | C 비정상 종료 | E 오류 | L 지각 | "
        "* 직접 정함",
    ),
    "report.title": ("Class report: {course}", "학급 보고서: {course}"),
    "report.run": ("Graded at {at} in {seconds:.1f} s", "{at} 채점, {seconds:.1f}초"),
    "report.skip": ("Skip to the content", "본문으로 건너뛰기"),
    "report.language": ("Language", "언어"),
    "report.sections": ("On this page", "이 페이지의 내용"),
    "report.returned": ("returned", "반환한 값"),
    "report.card_students": ("students", "학생 수"),
    "report.card_mean": ("mean total", "평균 총점"),
    "report.card_median": ("median", "중앙값"),
    "report.card_deviation": ("standard deviation", "표준편차"),
    "report.card_handed_in": ("exercises handed in", "제출된 과제"),
    "report.card_ungraded": ("ungraded", "채점 안 됨"),
    "report.scores": ("Scores", "점수 분포"),
    "report.scores_note": (
        "How many students reached which total; the dashed line is the mean. Students with something ungraded are left out.",
        "총점 구간별 학생 수입니다. 점선은 평균입니다. 채점되지 않은 과제가 있는 학생은 제외합니다.",
    ),
    "report.verdicts": ("Verdicts", "판정"),
    "report.verdict": ("verdict", "판정"),
    "report.heat": ("Exercises and checks", "과제와 검사"),
    "report.heat_note": (
        "Percent of the submissions that passed each check, of those handed in; a double line below marks a hidden check, "
        "a dotted one a check that nobody or everybody passes.",
        "제출물 가운데 각 검사를 통과한 비율(%)입니다. 아래 두 줄은 비공개 검사, 점선은 아무도 또는 모두가 통과한 검사입니다.",
    ),
    "report.exercise": ("exercise", "과제"),
    "report.class_table": ("Students", "학생"),
    "report.search": ("Find a student", "학생 찾기"),
    "report.sort_note": ("A heading sorts by its column.", "열 제목을 누르면 그 열로 정렬합니다."),
    "report.mistakes": ("Most common misconceptions", "가장 흔한 실수"),
    "report.mistakes_note": (
        "Known wrong answers that a submission returns the same values as, with the share of the class that has each.",
        "제출물과 같은 값을 내는 알려진 오답이며, 학급에서 그 실수를 한 비율을 함께 보여 줍니다.",
    ),
    "report.share": ("{count} of {total} ({percent} %)", "{total}명 중 {count}명({percent}%)"),
    "report.nothing": ("None.", "없습니다."),
    "report.items": ("Item analysis", "문항 분석"),
    "report.items_note": (
        "Difficulty is the mean share of points of those who handed the exercise in (1 is easy); discrimination is its "
        "correlation with their points in everything else (below 0.2 it hardly tells strong students from weak ones).",
        "난이도는 제출한 학생들이 얻은 점수 비율의 평균(1이면 쉬움)이고, 변별도는 나머지 점수와의 상관계수입니다"
        "(0.2보다 작으면 잘하는 학생과 그렇지 않은 학생을 거의 구별하지 못함).",
    ),
    "report.handed_in_count": ("handed in", "제출"),
    "report.difficulty": ("difficulty", "난이도"),
    "report.discrimination": ("discrimination", "변별도"),
    "report.flags": ("worth a look", "살펴볼 검사"),
    "report.nobody": ("nobody passes", "아무도 통과하지 못함"),
    "report.everybody": ("everybody passes", "모두 통과"),
    "report.same": ("Same wrong output", "같은 오답"),
    "report.same_note": (
        "Students whose code returns the same wrong tensor to the same check. A shared misunderstanding is the usual "
        "reason; it says nothing of copying.",
        "같은 검사에서 같은 틀린 텐서를 반환한 학생들입니다. 대개 같은 오해에서 비롯되며, 베꼈다는 뜻이 아닙니다.",
    ),
    "report.same_count": ("{count} students", "학생 {count}명"),
    "report.checks": ("Checks", "검사"),
    "report.check": ("check", "검사"),
    "report.passed_by": ("passed", "통과"),
    "report.decisions": ("Late, or decided by hand", "지각과 직접 정한 것"),
    "report.remarks": ("remarks", "비고"),
    "report.overridden": (
        "Points set to {points} by {by}: {reason}",
        "{by}이(가) 점수를 {points}점으로 정했습니다: {reason}",
    ),
    "report.earned": (
        "The checks gave {earned} of {possible} points.",
        "검사로 얻은 점수는 {possible}점 만점에 {earned}점입니다.",
    ),
    "report.comment": ("Comment by {by}: {comment}", "{by}의 의견: {comment}"),
    "report.handed_in": ("Handed in: {at}", "제출: {at}"),
    "report.late": (
        "Late: day {days} after the due date {due}, {percent} % less",
        "지각: 마감({due}) 후 {days}일째, {percent}% 감점",
    ),
    "report.late_free": (
        "Late: day {days} after the due date {due}, but nothing is taken off",
        "지각: 마감({due}) 후 {days}일째이지만 감점 없음",
    ),
    "report.late_graced": (
        "After the due date {due}, but within the time of grace: nothing is taken off",
        "마감({due}) 후 유예 시간 안에 제출하여 감점 없음",
    ),
    "report.extended": ("The due date was extended until {until}.", "마감이 {until}까지 연장되었습니다."),
    "report.extended_by": (
        "The due date was extended until {until} by {by}: {reason}",
        "{by}이(가) 마감을 {until}까지 연장했습니다: {reason}",
    ),
    "report.attempt": (
        "Attempt {attempt} of {attempts} counts.",
        "{attempts}번 중 {attempt}번째 제출이 반영되었습니다.",
    ),
    # --- what is handed back and exported -------------------------------------------------------------------------
    "feedback.written": (
        "Feedback of {count} students: {folder}",
        "학생 {count}명의 피드백을 저장했습니다: {folder}",
    ),
    "feedback.no_number": (
        "Not in the zip, because their Moodle participant numbers are not known: {students}. Name the assignment's "
        "grading worksheet with --roster; where each exercise is an assignment of its own, name it with --exercise too.",
        "Moodle 참가자 번호를 알 수 없어 zip에 넣지 못한 학생: {students}. --roster로 채점 워크시트를 지정하고, 과제마다 Moodle "
        "과제가 따로 있으면 --exercise도 지정하세요.",
    ),
    "export.no_grades": (
        "The gradebook {file} holds no grades yet.",
        "성적부 {file}에 아직 성적이 없습니다.",
    ),
    "export.nobody": (
        "The gradebook holds no grades of the student {student!r} for these exercises.",
        "성적부에 학생 {student!r}의 해당 과제 성적이 없습니다.",
    ),
    "export.about_csv": ("students x exercises, total", "학생 x 과제, 합계"),
    "export.about_csv_checks": ("a row for each check", "검사마다 한 줄"),
    "export.about_json": (
        "everything (schema: docs/results.schema.json)",
        "전체 결과(스키마: docs/results.schema.json)",
    ),
    "export.about_junit": ("JUnit XML", "JUnit XML 형식"),
    "export.about_canvas": (
        "Canvas's gradebook import; needs --roster, Canvas's own export",
        "Canvas 성적부 가져오기용. Canvas에서 내보낸 파일을 --roster로 지정해야 함",
    ),
    "export.about_moodle": (
        "Moodle's grade import; --roster fills in ID numbers and email addresses",
        "Moodle 성적 가져오기용. --roster로 학번과 이메일을 채움",
    ),
    "export.about_gradescope": (
        "a results.json for each student, or one with --student",
        "학생별 results.json. --student를 쓰면 한 명만",
    ),
    "export.about_gradescope_autograder": (
        "autograder.zip: this program and the course, to grade on Gradescope",
        "autograder.zip: Gradescope에서 채점하기 위한 프로그램과 강좌",
    ),
    "export.about_github_actions": (
        "a workflow that grades a push, for GitHub Classroom",
        "GitHub Classroom에서 push할 때마다 채점하는 워크플로",
    ),
    "export.no_roster": (
        "Canvas's import needs the class as Canvas exports it. In Canvas: Grades, Export; then name that file with "
        "--roster.",
        "Canvas로 가져오려면 Canvas에서 내보낸 명단이 필요합니다. Canvas의 성적에서 내보내기를 한 뒤 --roster로 지정하세요.",
    ),
    "export.no_column": (
        "{file} is no class list: the columns {columns} are missing. Name the file that the other system exported.",
        "{file}은(는) 명단이 아닙니다. {columns} 열이 없습니다. 다른 시스템에서 내보낸 파일을 지정하세요.",
    ),
    "export.no_identity": (
        "{file} has no column that tells Moodle who is who: {columns}. Take Moodle's own list of participants or export of "
        "grades, or rename the column.",
        "{file}에는 Moodle이 학생을 구별할 열({columns})이 없습니다. Moodle에서 내보낸 참가자 목록이나 성적을 쓰거나 열 이름을 "
        "바꾸세요.",
    ),
    "export.two_columns": (
        "{file} has more than one column for {exercise}: {columns}. Remove those that are not meant.",
        "{file}에 {exercise}에 해당하는 열이 여러 개입니다: {columns}. 쓰지 않을 열을 지우세요.",
    ),
    "export.other_points": (
        "In Canvas {column} is out of {canvas}, here it is out of {here}: points are written as they are.",
        "Canvas에서 {column}의 만점은 {canvas}점이고 여기서는 {here}점입니다. 점수는 바꾸지 않고 그대로 썼습니다.",
    ),
    "export.moodle_points": (
        "Moodle refuses a file with points above {points}, unless its administrators allow more (unlimitedgrades, "
        "gradepointmax).",
        "Moodle은 관리자가 허용하지 않으면(unlimitedgrades, gradepointmax) {points}점이 넘는 점수가 있는 파일을 받지 않습니다.",
    ),
    "export.no_folder": (
        "Name a folder for the students' files with --output, or one student with --student.",
        "학생별 파일을 저장할 폴더를 --output으로, 또는 학생 한 명을 --student로 지정하세요.",
    ),
    "export.no_source": (
        "Say what pip installs this program from in the workflow: --source git+https://HOST/PATH.git@VERSION",
        "워크플로에서 pip로 이 프로그램을 설치할 주소를 지정하세요: --source git+https://HOST/PATH.git@VERSION",
    ),
    "export.not_graded": (
        "This submission could not be graded, and no score was recorded. Expected: {files} (or the same as .ipynb). If that "
        "is what you handed in, tell your instructors: the autograder's output says why.",
        "이 제출물은 채점하지 못했고, 점수는 기록되지 않았습니다. 제출할 파일: {files} (.ipynb도 가능). 그대로 제출했다면 "
        "담당 교수자에게 알려 주세요. 이유는 자동 채점기의 출력에 있습니다.",
    ),
    "export.not_graded_why": (
        "NOTHING WAS GRADED and no score was recorded; the reason is above. If it is that the sandbox did not start, this "
        "container forbids user namespaces: export the autograder again with --isolation reduced (Landlock and seccomp). If "
        "that says that Landlock is missing: --isolation none; students' code then runs as a user of its own who cannot read "
        "the solutions or write results, and has the network. If it ran out of memory, give the container 2 GB. Then upload "
        "it again, and choose Regrade All Submissions.",
        "채점하지 못했고 점수도 기록하지 않았습니다. 이유는 위에 있습니다. 격리 환경이 시작되지 않았다면 이 컨테이너가 사용자 "
        "네임스페이스를 금지하는 것이므로, --isolation reduced(Landlock과 seccomp)로 다시 내보내세요. 그때 Landlock이 없다고 "
        "나오면 --isolation none으로 내보내세요. 이 경우 학생 코드는 정답을 읽거나 결과를 쓸 수 없는 별도의 사용자로 "
        "실행되지만 네트워크는 쓸 수 있습니다. 메모리가 부족했다면 컨테이너에 2GB를 주세요. 그런 다음 다시 올리고 Regrade All "
        "Submissions를 실행하세요.",
    ),
    "export.no_file": ("nothing handed in", "미제출"),
    "export.hand_in": (
        "Nothing was handed in for this exercise. Expected: {files} (or the same as .ipynb).",
        "이 과제로 제출한 파일이 없습니다. 제출할 파일: {files} (.ipynb도 가능).",
    ),
    "export.missing": (
        "Not in the file, because they are ungraded or not on the roster: {students}",
        "채점되지 않았거나 명단에 없어 파일에 넣지 못한 학생: {students}",
    ),
    # --- whose answers are alike ----------------------------------------------------------------------------------
    "similar.title": ("Similar answers", "비슷한 답안"),
    "similar.heading": ("Similar answers: {course}", "비슷한 답안: {course}"),
    "similar.first": ("student", "학생"),
    "similar.second": ("student", "학생"),
    "similar.pair": ("pair", "학생 쌍"),
    "similar.share": ("alike", "비슷한 비율"),
    "similar.tokens": ("tokens", "토큰"),
    "similar.rare": ("rare", "드문 토큰"),
    "similar.marks": ("Both have:", "두 답안에 모두 있는 부분:"),
    "similar.mark_rare": ("and hardly anybody else", "다른 학생에게는 거의 없음"),
    "similar.mark_usual": ("and several others too", "다른 여러 학생에게도 있음"),
    "similar.shown": ("{shown} of {total} pairs", "{total}쌍 중 {shown}쌍"),
    "similar.note": (
        "The share of both answers that the other has too, without names, comments and what everybody was given. First come "
        "the pairs that share most of what hardly anybody else has; with 0 rare tokens they are as alike as many who solved "
        "it this way. It is a reason to look and no proof; no grade is changed by it.",
        "이름, 주석, 모두에게 주어진 코드를 빼고 서로 같은 부분의 비율입니다. 다른 학생에게는 거의 없는 부분을 많이 공유한 쌍부터 보여 줍니다. "
        "드문 토큰이 0이면 같은 방법으로 푼 여러 학생만큼 비슷할 뿐입니다. 살펴볼 이유일 뿐 증거가 아니며, 성적에 영향을 주지 않습니다.",
    ),
    "similar.left_out": (
        "Not compared, because they cannot be read or are too long: {files}",
        "읽을 수 없거나 너무 길어 비교하지 못한 파일: {files}",
    ),
    "similar.too_short": (
        "Too short to tell anything, answers with hardly any code of their own: {counts}",
        "직접 쓴 코드가 거의 없어 비교할 수 없는 답안: {counts}",
    ),
    "similar.none": ("No two answers are that alike.", "그만큼 비슷한 답안이 없습니다."),
}
