"""The checks of the chapters' exercises, one file a chapter: they would give the answers away in the notebooks.

An exercise's cell calls `check_2(answer)`. What a check compares with it computes itself or takes from the data; where
that is long (a trained model), the cell hands over what the chapter has computed: `check_1(z, p, model, scale)`.
"""
