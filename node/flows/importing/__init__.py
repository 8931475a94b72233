"""Tables as drafts: a file of rows is read, each cell checked, and each row becomes a draft or a list of problems."""
