"""A class is graded: what is new or changed, in slots or on a cluster, into the gradebook."""
