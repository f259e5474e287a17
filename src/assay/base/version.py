"""The version of Assay, in one place."""

VERSION = "0.1.0"
