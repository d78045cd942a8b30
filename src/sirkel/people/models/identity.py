from django.db import models

from sirkel.kernel.ids import new_id
from sirkel.people.models.person import Person


class Identity(models.Model):
    """That somebody signs in with a service, too. Seen by its owner alone; kept until unlinked or the account ends.

    ``issuer`` names the service. ``subject`` is made of the issuer and the service's own name for the person with the
    installation's key: it is recognised when it comes again and leads back to nobody. ``linked_on`` is a day of UTC.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.BinaryField(max_length=32, unique=True)
    linked_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint("person", "issuer", name="identity_once_for_each_service")]
