from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from sirkel.kernel.ids import new_id
from sirkel.people.enums import Role
from sirkel.people.models.organisation import Network, Organisation, Programme, Workplace
from sirkel.people.models.unit import Unit


class PersonManager(BaseUserManager["Person"]):
    """Makes people; addresses are kept in lower case."""

    def create_user(self, email: str, **fields: object) -> "Person":
        """Make a person without a password: sign-in is by a code sent to the address."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody with an account: facilitators, leaders, researchers and others with a role.

    Participants have none. Seen by first name inside a circle, by full name to administrators.
    Holds no national number, birth date or private address, ever.
    """

    is_deleted_for_good = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.first_name

    def get_short_name(self) -> str:
        """Return the first name, the only name a circle sees."""
        return self.first_name


class RoleAssignment(models.Model):
    """One role of one person in a scope and period. With no place at all the role holds in the whole installation.

    A role in a unit names its workplace and organisation too, one at a workplace its organisation. ``valid_from`` and
    ``valid_to`` are midnights of the place's time zone where an administrator chose days. ``version`` counts changes,
    so that of two who change it at once the second is told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=Role)
    network = models.ForeignKey(
        Network, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )
    workplace = models.ForeignKey(
        Workplace, on_delete=models.CASCADE, null=True, blank=True, related_name="roles"
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="roles")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="role_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(Q(unit__isnull=True) | Q(workplace__isnull=False))
                & (Q(workplace__isnull=True) | Q(organisation__isnull=False))
                & (Q(organisation__isnull=True) | Q(programme__isnull=True, network__isnull=True))
                & (Q(programme__isnull=True) | Q(network__isnull=True)),
                name="role_has_one_scope",
            ),
        ]
