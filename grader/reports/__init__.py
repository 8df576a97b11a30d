"""Records -> what people and other programs read. Nothing here grades or opens a file to read it."""
