"""From labels to facts: wording, the dictionary seen from forms, what each blank asks, in which manner."""
