from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel room."""

    name = "sirkel.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let statements say whose rows they may touch."""
        from django.db.backends.signals import connection_created  # noqa: PLC0415 -- apps are ready only now
        from django.db.models.signals import post_migrate, pre_migrate  # noqa: PLC0415 -- as above

        from sirkel.kernel import rows  # noqa: PLC0415 -- as above

        connection_created.connect(rows.follow, dispatch_uid="kernel.rows")
        pre_migrate.connect(rows.begin_migration, dispatch_uid="kernel.rows")
        post_migrate.connect(rows.end_migration, dispatch_uid="kernel.rows")
