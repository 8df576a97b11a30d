"""What a class hands in, in every form that it comes in."""
