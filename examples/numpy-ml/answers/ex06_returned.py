def report(labels, predictions):
    lines = []
    for name in sorted(set(labels)):
        n = sum(l == p == name for l, p in zip(labels, predictions))
        lines.append(f"{name}: {n} of {labels.count(name)}")
    return "\n".join(lines)
