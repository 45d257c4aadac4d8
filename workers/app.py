"""The Celery application: ``celery -A workers.app worker`` and ``celery -A workers.app beat``."""

from __future__ import annotations

import os

from celery import Celery

from config import settings_from
from workers.queues import QUEUES
from workers.schedule import BEAT

# The broker's address is all this module needs; the tasks build the application when they first run.
celery = Celery("portal", broker=settings_from().redis_url if "PORTAL_REDIS_URL" in os.environ else "redis://")
celery.conf.update(
    task_queues=QUEUES,
    task_default_queue="periodic",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=240,
    task_time_limit=300,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,  # our lines are JSON already: wrapped in a line of another logger nobody could read them
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    # At least twice the longest task: Redis redelivers what takes longer, and mails would go out twice. The unacked
    # sweep is what brings a killed worker's task back; by default it waits about 100 seconds.
    broker_transport_options={"visibility_timeout": 700, "unacked_restore_interval": 2, "unacked_restore_throttle": 1},
    beat_schedule=BEAT,
    beat_max_loop_interval=5,
    timezone="UTC",
    imports=(
        "workers.periodic",
        "workers.signals",
        "workers.tasks.assignments",
        "workers.tasks.chain",
        "workers.tasks.digests",
        "workers.tasks.files",
        "workers.tasks.heart",
        "workers.tasks.jobs",
        "workers.tasks.letters",
        "workers.tasks.mail",
        "workers.tasks.outbox",
        "workers.tasks.papers",
        "workers.tasks.periodic",
        "workers.tasks.reminders",
        "workers.tasks.retention",
    ),
)
