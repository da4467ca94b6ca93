"""The staff's side over HTTP: what was promised, by whom, until when, and was it kept."""
