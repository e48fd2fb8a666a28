"""The service's log: one JSON line an event on standard error."""

import logging
import sys

import structlog
from structlog.typing import Processor


def configure_logs(*, level: int) -> None:
    """Let all loggers of the process write JSON lines; called once, where the server starts."""
    added: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=added,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Its access log would hold query strings; `guarding` writes its own.
    logging.getLogger("uvicorn.access").disabled = True
