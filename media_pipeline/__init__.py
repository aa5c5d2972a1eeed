"""DICOM archive, de-identification, teaching releases, imaging, video, uploads, meetings."""
