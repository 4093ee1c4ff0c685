"""The tables of tasks."""

from app.blueprints.tasks.models.claimed import (
    AT_RIDER,
    HOLDING,
    IS_AT_RIDER,
    IS_WAITING,
    Claim,
    ClaimAnswer,
    ClaimEvent,
    ClaimPhoto,
    ClaimState,
)
from app.blueprints.tasks.models.published import (
    MAY_COST,
    MOST_POINTS,
    MOST_RIDERS,
    QuestionKind,
    Task,
    TaskCompany,
    TaskEvent,
    TaskSeries,
    TaskState,
    task_number,
)

__all__ = [
    "AT_RIDER", "HOLDING", "IS_AT_RIDER", "IS_WAITING", "MAY_COST", "MOST_POINTS",
    "MOST_RIDERS", "Claim", "ClaimAnswer", "ClaimEvent", "ClaimPhoto", "ClaimState",
    "QuestionKind", "Task", "TaskCompany", "TaskEvent", "TaskSeries", "TaskState", "task_number",
]  # fmt: skip
