"""Rules of games that networks learn to play."""
