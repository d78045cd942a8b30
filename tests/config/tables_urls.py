"""Every address with the way to the tables, as a start with SIRKEL_ADMIN_PATH has them."""

from sirkel.config.tables.urls import table_patterns
from sirkel.config.urls import handler400
from sirkel.config.urls import urlpatterns as ours

__all__ = ["handler400", "urlpatterns"]

urlpatterns = [*ours, *table_patterns()]
