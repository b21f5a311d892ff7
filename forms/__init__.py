"""Floor 2: WTForms derived from declarations. A kind's fields are the only list; no form is written twice."""
