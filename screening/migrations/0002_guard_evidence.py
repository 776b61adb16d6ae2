"""The database itself refuses to edit evidence."""

from django.db import migrations

from reviewsite.workspace.migration_operations import GuardLedger


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial")]

    operations = [
        GuardLedger("CriterionWording"),
        GuardLedger("StagePolicy"),
        GuardLedger("UnlistedGroup"),
        GuardLedger("DuplicateJudgement"),
        GuardLedger("Decision"),
        GuardLedger("ConsensusProposal"),
        GuardLedger("ConsensusSignature"),
        GuardLedger("Adjudication"),
        GuardLedger("ImportedOutcome"),
        GuardLedger("RetrievalOutcome"),
    ]
