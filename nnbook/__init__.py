"""What the book adds around nnlib: data, figures, widgets, exercises."""
