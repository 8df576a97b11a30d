"""Known wrong answers to ex06: each is named to the students whose results are the same."""

# Every wrong answer keeps the name of the function that it replaces.
# mypy: disable-error-code="no-redef"

from grader.misconceptions import misconception


def printed(names, labels, predictions, by=None):
    right = [label for label, prediction in zip(labels, predictions, strict=True) if label == prediction]
    for name in names:
        print(f"{name}: {right.count(name)} of {(by or labels).count(name)}")
    accuracy = len(right) / len(labels)
    print(f"accuracy: {100 * accuracy:.1f} %")
    return accuracy


@misconception(
    "order-of-the-input",
    en="Your classes stand in the order in which they first come, and not in that of the alphabet.",
)
def report(labels, predictions):
    return printed(dict.fromkeys(labels), labels, predictions)


@misconception(
    "predicted-counted",
    en="Behind `of` you print how often a class was predicted, and not how many examples it has.",
)
def report(labels, predictions):
    return printed(sorted(set(labels)), labels, predictions, by=predictions)


@misconception("line-for-predicted", en="You print a line for a class that is only predicted.")
def report(labels, predictions):
    return printed(sorted({*labels, *predictions}), labels, predictions)


@misconception(
    "per-cent-returned", en="You return the accuracy in per cent; it is to be a number from 0 to 1."
)
def report(labels, predictions):
    return 100 * printed(sorted(set(labels)), labels, predictions)
