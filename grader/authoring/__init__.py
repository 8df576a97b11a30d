"""What an author begins with: a course, an exercise, and exercises that other graders' notebooks become."""
