"""Files are kept by their content's hash, outside the static files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


def storage_path(stored: StoredFile, _name: str) -> str:
    """Return the path of a file: its hash, never its given name."""
    return f"{stored.sha256[:2]}/{stored.sha256}"


class StoredFile(models.Model):
    """The bytes that somebody uploaded, unchanged."""

    review = models.ForeignKey("workspace.Review", on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    content = models.FileField(upload_to=storage_path, max_length=200)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "sha256"], name="stored_file_once_per_review"),
        ]

    def __str__(self) -> str:
        return self.name
