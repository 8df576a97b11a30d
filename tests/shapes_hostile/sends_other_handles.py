# expected: test_perceptron error, test_counter error, test_too_early error, test_weights error, test_two_counters error
"""Answers with handles of objects that nobody has made."""

import os
import struct
import sys

from grader.runner.inside import worker


def forged(kind):
    frame = sys._getframe(1)
    while "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["number"]
    handle = f'{{"$":"handle","number":{10**20},"type":"Perceptron","kind":"{kind}"}}'
    names = '"number","value","changed","seconds"'
    text = f'{{"$":"dict","v":[[{names}],[{number},{handle},[-1,{10**30}],0]]}}'.encode()
    os.write(11, struct.pack("<4sIQ", b"GRD1", len(text), 0) + text)
    send = worker._send
    worker._send = lambda frame: setattr(worker, "_send", send)


def counter(step):
    forged("method")


def Perceptron(learning_rate=0.1):
    forged("layer")
