"""Golden letters: invented letters of varied form, and the files of every format made of them."""
