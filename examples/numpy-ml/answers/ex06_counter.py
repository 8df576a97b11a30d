from collections import Counter


def report(labels, predictions):
    all_of, right = Counter(labels), Counter()
    for l, p in zip(labels, predictions):
        right[l] += l == p
    for name, n in sorted(all_of.items()):
        print(name + ":", right[name], "of", n)
    share = sum(right.values()) / len(labels)
    print("accuracy: %.1f %%" % (share * 100))
    return share
