"""What makes checking again quick: a judge that stays warm, the door to it, and what was saved."""
