"""Guard the new evidence, guard the changed tables again, and fill the new fields of what was imported before."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

from reviewsite.workspace.migration_operations import GuardLedger

REMARK = "Remark: "


def fill_new_fields(apps, schema_editor):
    source = apps.get_model("screening", "Source")
    batch = apps.get_model("screening", "ImportBatch")
    entry = source.objects.filter(pk=OuterRef("source")).values("enters_at_full_text")
    batch.objects.update(enters_at_full_text=Subquery(entry))
    problems = apps.get_model("screening", "ImportProblem").objects.filter(reason__startswith=REMARK)
    for problem in problems.iterator():
        problem.is_lost = False
        problem.reason = problem.reason.removeprefix(REMARK)
        problem.save(update_fields=["is_lost", "reason"])


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_references_in_and_out")]

    operations = [
        GuardLedger("PrimaryChoice"),
        GuardLedger("RecordCorrection"),
        GuardLedger("DuplicateJudgement"),
        GuardLedger("Decision"),
        GuardLedger("ImportedOutcome"),
        migrations.RunPython(fill_new_fields, migrations.RunPython.noop),
    ]
