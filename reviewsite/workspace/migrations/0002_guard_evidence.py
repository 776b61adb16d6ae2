"""The database itself refuses to edit evidence."""

from django.db import migrations

from reviewsite.workspace.migration_operations import GuardLedger


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial")]

    operations = [
        GuardLedger("Membership"),
        GuardLedger("AuditEvent", may_close=False),
    ]
