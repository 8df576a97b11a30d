# Written by `grader nbgrader build`.
# digest: 5249fe2bd2b2f6fb47b8709a0969932f33cac437f8e869ce632a879b575b8579
# nbgrader's commands run in this folder. What differs from nbgrader's defaults: submissions are executed in grader's
# sandbox, with the checks outside of it; grade cells and their metadata are restored from the gradebook first.
from pathlib import Path

from grader.notebook_course.late import CourseLatePolicy
from grader.notebook_course.preprocessor import AUTOGRADE, SANITIZE, SubmittedNotebook

HERE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = 'made-before'
c.CourseDirectory.root = str(HERE)
c.JudgeCells.course = str(HERE / '../course')
c.JudgeCells.language = 'en'
c.JudgeCells.isolation = 'full'

c.Autograde.exporter_class = SubmittedNotebook
c.Autograde.sanitize_preprocessors = SANITIZE
c.Autograde.autograde_preprocessors = AUTOGRADE

# The course's late policy. Take this line out for nbgrader's own, which takes nothing off.
c.AssignLatePenalties.plugin_class = CourseLatePolicy
c.CourseLatePolicy.course = c.JudgeCells.course

# For `nbgrader validate`, which executes notebooks in a kernel of its own.
c.Execute.timeout = 90
