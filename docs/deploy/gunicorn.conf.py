"""How gunicorn serves the portal in production; the systemd unit names this file. The socket comes from systemd."""

workers = 2  # as many as the machine has cores; each is a process with its own connections (PORTAL_POOL_SIZE)
threads = 4
worker_class = "gthread"
timeout = 60  # a process that gives no sign for so long is killed
graceful_timeout = 60  # how long requests that are under way may take at a reload or a stop
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the signs of life go to memory, for a busy disk must not look like a dead process
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
