"""Every sentence that a person reads, in Korean and English. A test holds the two complete and alike."""

from __future__ import annotations

import builtins
import os
from typing import Any

from grader.model import Explanation, Language, Verdict

__all__ = ["CATALOGUE", "VERDICTS", "explain", "language_from_environment", "printable", "text"]

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
        "returned shape {actual_shape}, expected {expected_shape}",
        "반환한 형상은 {actual_shape}, 기대한 형상은 {expected_shape}",
    ),
    "tensor.dtype": (
        "returned dtype {actual_dtype}, expected {expected_dtype}",
        "반환한 자료형은 {actual_dtype}, 기대한 자료형은 {expected_dtype}",
    ),
    "tensor.values": (
        "{wrong} of {total} values are wrong, by {error} at most",
        "값 {total}개 중 {wrong}개가 다릅니다(최대 차이 {error})",
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
        "Skipped: it needs `{after}`, which did not pass.",
        "건너뜀: 먼저 `{after}` 검사를 통과해야 합니다.",
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
    "submissions.two_files": (
        "{taken}: taken, it is newer than {left}",
        "{taken}: {left}보다 최신이므로 이 파일을 채점",
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
        "There is no folder {folder}. Name the folder that holds one folder a student.",
        "{folder} 폴더가 없습니다. 학생별 폴더가 들어 있는 폴더를 지정하세요.",
    ),
    "request.no_submissions": (
        "No submission was found in {folder}. Expected: {folder}/<student>/ex01.py or .ipynb.",
        "{folder}에서 제출물을 찾지 못했습니다. 필요한 형식: {folder}/<학생>/ex01.py 또는 .ipynb.",
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
        "{check}: after={after!r} names no check of this file",
        "{check}: after={after!r}에 해당하는 검사가 이 파일에 없습니다",
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
    "verify.short": ("{count} faults", "문제 {count}개"),
    "verify.all_good": (
        "Everything holds: {exercises} exercises in {seconds:.0f} s.",
        "모두 성립합니다: 과제 {exercises}개, {seconds:.0f}초.",
    ),
    "verify.some_short": ("{count} things fall short:", "부족한 점 {count}개:"),
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
    # --- the command line and the reports --------------------------------------------------------------------------
    "cli.error": ("Error", "오류"),
    "cli.interrupted": (
        "Stopped. What is graded is kept in {file}; run the same command to go on.",
        "중단했습니다. 채점된 결과는 {file}에 있으며, 같은 명령을 다시 실행하면 이어집니다.",
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
    "cli.landlock": ("Landlock {version}", "Landlock {version}"),
    "cli.no_landlock": ("no Landlock in this kernel", "커널에 Landlock 없음"),
    "cli.starting": ("Checking the reference", "정답 확인 중"),
    "cli.grading": ("Grading", "채점 중"),
    "cli.student": ("student", "학생"),
    "cli.total": ("total", "합계"),
    "cli.class_title": ("Grades: {course}", "성적: {course}"),
    "cli.graded": (
        "{submissions} submissions of {students} students graded in {seconds:.1f} s ({rate:.1f} a second).",
        "학생 {students}명의 제출물 {submissions}개를 {seconds:.1f}초에 채점했습니다(초당 {rate:.1f}개).",
    ),
    "cli.ungraded": (
        "{count} submissions could not be graded (our fault, no score recorded):",
        "제출물 {count}개를 채점하지 못했습니다(학생의 잘못이 아니며 점수는 기록하지 않음):",
    ),
    "cli.notes": ("Handed in, but not graded as it is:", "제출되었지만 그대로 채점하지 않은 것:"),
    "cli.written": ("Written: {files}", "저장: {files}"),
    "cli.report": ("Report: {file}", "보고서: {file}"),
    "cli.legend": (
        "– nothing handed in  · · stub  · ! ungraded  · F banned  · T too slow  · M memory  · C crashed  · E error",
        "– 미제출  · · 미작성  · ! 채점 안 됨  · F 금지된 사용  · T 시간 초과  · M 메모리 초과  · C 비정상 종료  · E 오류",
    ),
    "report.title": ("Class report: {course}", "학급 보고서: {course}"),
    "report.run": ("Graded at {at} in {seconds:.1f} s", "{at} 채점, {seconds:.1f}초"),
    "report.students": ("{count} students", "학생 {count}명"),
}


def language_from_environment() -> Language | None:
    """Return the reader's language: GRADER_LANG, else the locale; None when neither says English or Korean."""
    for name in ("GRADER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")[:2].lower()
        if value == "ko":
            return "ko"
        if value == "en":
            return "en"
    return None


def text(key: str, language: Language, **values: Any) -> str:
    """Return a sentence of the catalogue with its values filled in."""
    template = CATALOGUE[key][language == "ko"]
    shown = {name: _shown(value, language) for name, value in values.items()}
    return template.format(
        **{name: printable(value) if isinstance(value, str) else value for name, value in shown.items()}
    )


_CONTROL = {code: "\ufffd" for code in (*range(32), 127, *range(128, 160)) if chr(code) not in "\n\t"}


def printable(value: str) -> str:
    """Return a text that a terminal, a file and a database take as text.

    Control characters could steer a terminal; half a surrogate pair has no place in UTF-8. Names of files, output and
    exceptions are a student's to choose.
    """
    return value.translate(_CONTROL).encode("utf-8", "replace").decode("utf-8")


def _shown(value: Any, language: Language) -> Any:
    if isinstance(value, dict) and value.keys() == {"key", "values", "difference"}:
        # An explanation inside of another, as it comes back from the gradebook.
        value = Explanation(value["key"], value["values"])
    if isinstance(value, Explanation):
        return explain(value, language)
    return value[language] if _is_text(value) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"en", "ko"}


def explain(explanation: Explanation, language: Language, *, with_values: bool = True) -> str:
    """Return an explanation as a sentence.

    Without values nothing that the checks' input or the expected tensor could be read from is in it: an exception's
    own text is the student's to choose, and so is the name of its class.
    """
    key, values = explanation.key, dict(explanation.values)
    if not with_values and key in _WITHOUT_VALUES:
        # A line number, an exit code, a signal, a garbled answer: each is the student's to choose, and could carry
        # the hidden input out.
        key = f"{key}_hidden"
    if key in ("submission.no_module", "submission.load_no_module"):
        values["at_place"] = _at_place(values)
    if key in ("submission.raised", "submission.raised_hidden", "submission.load_raised"):
        values["at_place"] = _at_place(values)
        denied = values.pop("denied", False)
        if not with_values:
            values["type"] = values["type"] if values["type"] in _KNOWN_EXCEPTIONS else "Exception"
        sentence = text(key, language, **values)
        return sentence + (text("submission.denied", language) if denied else "")
    difference = explanation.difference
    if difference is not None:
        given, wanted = difference.actual, difference.expected
        values |= {
            "actual": given.kind,
            "actual_shape": _shape(given.shape),
            "expected_shape": _shape(wanted.shape),
            "actual_dtype": given.dtype,
            "expected_dtype": wanted.dtype,
            "wrong": difference.wrong_count,
            "total": difference.total,
            "error": difference.largest_error,
        }
    return text(key, language, **values)


def _at_place(values: dict[str, Any]) -> str:
    place = values.pop("place", "")
    return f" ({place})" if place else ""


def _shape(shape: tuple[int, ...] | None) -> str:
    return "?" if shape is None else f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


_WITHOUT_VALUES = {
    "submission.raised",
    "submission.no_module",
    "submission.exit",
    "submission.signal",
    "submission.bad_answer",
}

_KNOWN_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | {"InvalidArgumentError", "ResourceExhaustedError", "UnimplementedError", "NotFoundError"}
