// Words in the reader's language: _("learning rate"), _("step {n} of {steps}", { n, steps }). When modules.py joins the
// modules it puts each word of the chosen language in the place of the English one; what is left to do are the values.

export const _ = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
