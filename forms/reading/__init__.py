"""How the text of a cell becomes a value: one module per nature of value. `forms.recognise` is the door."""
