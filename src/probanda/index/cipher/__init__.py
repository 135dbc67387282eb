"""A database backend for Django over SQLCipher: SQLite whose every page is encrypted."""
