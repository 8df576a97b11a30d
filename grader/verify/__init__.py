"""The course is proved: references pass, stubs earn nothing, mistakes are caught and named."""
