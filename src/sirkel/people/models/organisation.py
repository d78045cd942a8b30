from django.db import models

from sirkel.kernel.ids import new_id
from sirkel.people.enums import Area, Sector, WorkplaceKind


class Network(models.Model):
    """A working-life network, the root of the tree. Seen by everybody signed in; kept while the installation is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """What organisations of a network do together for some years. Seen by everybody signed in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "name"], name="programme_name_once_in_network"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A municipality, joint authority or other employer. Seen by everybody with a role in it; kept while it takes part."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    name = models.CharField(max_length=200)
    area = models.CharField(max_length=2, choices=Area)

    def __str__(self) -> str:
        return self.name


class Workplace(models.Model):
    """A place where people work together. Seen by everybody with a role in its organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="workplaces")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=WorkplaceKind, default=WorkplaceKind.OTHER)
    sector = models.CharField(
        max_length=20, choices=Sector, default=Sector.HEALTH_AND_CARE, db_default=Sector.HEALTH_AND_CARE
    )
    time_zone = models.CharField(max_length=40, default="Europe/Oslo")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="workplace_name_once_in_organisation"
            ),
        ]

    def __str__(self) -> str:
        return self.name
