# expected: test_counter crashed, test_two_counters crashed
"""Answers with a function's source, as a check may be asked to pass one."""

import os
import struct
import sys

CODE = '{"$":"code","source":"import os","name":"os","names":{"$":"dict","v":[[],[]]}}'


def counter(step):
    frame = sys._getframe(1)
    while "request" not in frame.f_locals:
        frame = frame.f_back
    number = frame.f_locals["request"]["number"]
    text = f'{{"$":"dict","v":[["number","value"],[{number},{CODE}]]}}'.encode()
    os.write(11, struct.pack("<4sIQ", b"GRD1", len(text), 0) + text)
