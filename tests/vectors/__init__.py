"""The vectors for other languages: right programs pass them, wrong ones do not."""
