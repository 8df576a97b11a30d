"""A printed report."""


def report(labels: list[str], predictions: list[str]) -> float:
    """Print how many examples of each class were recognised, and the accuracy; return the accuracy.

    labels       the right classes, one or more
    predictions  as many classes
    return       from 0 to 1
    """
    right = [label for label, prediction in zip(labels, predictions, strict=True) if label == prediction]
    for name in sorted(set(labels)):
        print(f"{name}: {right.count(name)} of {labels.count(name)}")
    accuracy = len(right) / len(labels)
    print(f"accuracy: {accuracy:.1%}".replace("%", " %"))
    return accuracy
