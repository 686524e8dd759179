// The book's palette (Okabe–Ito): the same thing has the same colour everywhere. palette.py reads this, too, so keep it JSON.
export const colors = {
  "data": "#000000", "prediction": "#0072B2", "loss": "#D55E00", "gradient": "#009E73", "highlight": "#CC79A7",
  "class0": "#0072B2", "class1": "#E69F00", "muted": "#6E6E6E", "faint": "#D9D9D9", "sky": "#56B4E9", "yellow": "#F0E442"
};
