"""Reading and keeping DICOM objects. `structure`, `reading`, `header` and `frames` run inside the cage."""
