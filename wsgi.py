"""The one place where web and Celery meet: gunicorn and ``flask --app wsgi`` start here."""

from __future__ import annotations

from config import settings_from
from portal.app import create_app
from portal.core.clock import Clock
from portal.core.files import LocalStorage
from portal.core.files_s3 import S3Storage
from portal.core.mailer import SmtpMailer
from portal.core.memory import spare_the_collector
from workers.queues import CeleryQueue

settings = settings_from()
app = create_app(
    settings,
    clock=Clock(),
    mailer=SmtpMailer(
        settings.smtp_host,
        settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        starttls=settings.smtp_starttls,
    ),
    storage=S3Storage(settings.s3) if settings.s3 else LocalStorage(settings.storage_path),
    queue=CeleryQueue(settings.redis_url),
)

spare_the_collector()
