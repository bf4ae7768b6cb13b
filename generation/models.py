"""Runs, the queue of requests, what the models gave back, and who serves them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.fields import PublicIdField
from tenants.models import MerchantOwned, merchant_fk


class Endpoint(models.Model):
    """What both kinds of endpoint say: a model behind an OpenAI-compatible server."""

    name = models.CharField(_("name"), max_length=80)
    base_url = models.URLField(_("address"), max_length=500)
    model = models.CharField(_("model"), max_length=200)
    api_key_encrypted = models.BinaryField(default=b"", blank=True, editable=False)
    max_concurrency = models.PositiveSmallIntegerField(_("calls at once"), default=4)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class PlatformModel(Endpoint):
    """An endpoint that platform staff offer to every merchant. It may stand on a private host."""

    public_id = PublicIdField("mod")

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = [models.UniqueConstraint(fields=["name"], name="platformmodel_name")]


class MerchantEndpoint(Endpoint, MerchantOwned):
    """A merchant's own endpoint: public https only, checked whenever it is called."""

    public_id = PublicIdField("mep")

    class Meta:
        verbose_name = _("own model")
        verbose_name_plural = _("own models")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "name"], name="merchantendpoint_name"),
        ]


class InferenceWorker(models.Model):
    """A process that writes texts. Its lease covers every request that it holds."""

    class State(models.TextChoices):
        LOADING = "loading", _("Loading")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Cannot load its model")
        STOPPED = "stopped", _("Stopped")
        LOST = "lost", _("Lost")

    host = models.CharField(_("host"), max_length=255)
    pid = models.PositiveIntegerField(_("process"))
    fence = models.BigIntegerField(unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    model = models.CharField(_("model"), max_length=300, blank=True)
    revision = models.CharField(_("revision"), max_length=100, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(_("error"), max_length=1000, blank=True)
    lease_expires_at = models.DateTimeField(_("lease until"))
    started_at = models.DateTimeField(_("started"), auto_now_add=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        indexes = [models.Index(fields=["state", "lease_expires_at"], name="worker_lease")]

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"


class GenerationRun(MerchantOwned):
    """What a person or a partner asked for: these products, this brief, so many candidates each.

    brief: {"tone", "length", "language", "instructions"}. model: `default` (what the workers loaded),
    or the public id of a PlatformModel or MerchantEndpoint. The counts move with the requests.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    class Lane(models.TextChoices):
        INTERACTIVE = "interactive", _("At once")
        BULK = "bulk", _("Bulk")

    public_id = PublicIdField("run")
    field = models.CharField(_("field"), max_length=30, default="description")
    brief = models.JSONField(_("brief"))
    n_candidates = models.PositiveSmallIntegerField(_("candidates"), default=1)
    seed = models.BigIntegerField(_("seed"), default=0)
    model = models.CharField(_("model"), max_length=40, default="default")
    lane = models.CharField(_("lane"), max_length=12, choices=Lane.choices, default=Lane.BULK)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RUNNING
    )
    n_total = models.PositiveIntegerField(_("requests"), default=0)
    n_succeeded = models.PositiveIntegerField(_("written"), default=0)
    n_failed = models.PositiveIntegerField(_("failed"), default=0)
    n_cancelled = models.PositiveIntegerField(_("cancelled"), default=0)
    n_prompt_tokens = models.PositiveBigIntegerField(_("prompt tokens"), default=0)
    n_completion_tokens = models.PositiveBigIntegerField(_("completion tokens"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("generation run")
        verbose_name_plural = _("generation runs")
        constraints = [
            models.CheckConstraint(condition=Q(n_candidates__range=(1, 8)), name="run_candidates"),
            models.CheckConstraint(
                condition=Q(
                    n_total__gte=models.F("n_succeeded")
                    + models.F("n_failed")
                    + models.F("n_cancelled")
                ),
                name="run_counts",
            ),
        ]
        indexes = [models.Index(fields=["merchant", "-created_at", "-id"], name="run_latest")]

    def __str__(self) -> str:
        return self.public_id


class GenerationRequest(MerchantOwned):
    """One unit of a run, and the queue itself: texts of one product, claimed under a worker's lease.

    crashes: how often a worker died with it; fence: the token of the worker that may write the
    result. prompt: what the model was given, kept as provenance. product: none once it is deleted.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        CLAIMED = "claimed", _("Being written")
        GENERATED = "generated", _("Being checked")
        SUCCEEDED = "succeeded", _("Written")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        QUARANTINED = "quarantined", _("Set aside")

    TERMINAL = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED, State.QUARANTINED})

    public_id = PublicIdField("req")
    run = merchant_fk("generation.GenerationRun", related_name="requests", db_index=False)
    product = merchant_fk("stores.Product", null=True, on_delete=models.SET_NULL, related_name="+")
    lane = models.CharField(max_length=12, choices=GenerationRun.Lane.choices)
    model = models.CharField(max_length=40, default="default")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    crashes = models.PositiveSmallIntegerField(_("crashes"), default=0)
    is_cancel_requested = models.BooleanField(default=False)
    worker = models.ForeignKey(
        InferenceWorker, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    fence = models.BigIntegerField(null=True)
    available_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    generated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    prompt = models.JSONField(null=True)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.CharField(_("error"), max_length=1000, blank=True)
    n_prompt_tokens = models.PositiveIntegerField(default=0)
    n_completion_tokens = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("generation request")
        verbose_name_plural = _("generation requests")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "run", "product"], name="request_once"),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(worker__isnull=False, fence__isnull=False),
                name="request_claimed_has_worker",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "lane", "model", "available_at", "id"],
                condition=Q(state="queued", crashes=0),
                name="request_waiting",
            ),
            models.Index(
                fields=["available_at"],
                condition=Q(state="queued", crashes__gt=0),
                name="request_suspect",
            ),
            models.Index(
                fields=["worker", "fence"], condition=Q(state="claimed"), name="request_held"
            ),
            models.Index(
                fields=["generated_at"], condition=Q(state="generated"), name="request_unchecked"
            ),
            models.Index(fields=["merchant", "run", "state", "id"], name="request_of_run"),
        ]

    def __str__(self) -> str:
        return self.public_id


class Candidate(MerchantOwned):
    """One text that the model gave back, as it came (raw) and as it would be shown (text)."""

    public_id = PublicIdField("can")
    request = merchant_fk("generation.GenerationRequest", related_name="candidates", db_index=False)
    index = models.PositiveSmallIntegerField()
    raw = models.TextField()
    text = models.TextField(_("text"), blank=True)
    finish_reason = models.CharField(max_length=10)
    mean_logprob = models.FloatField(null=True)
    n_completion_tokens = models.PositiveIntegerField(default=0)
    is_usable = models.BooleanField(_("usable"), null=True)
    findings = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "request", "index"], name="candidate_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


class QueueTurn(MerchantOwned):
    """A merchant that waits in a lane for a model, and how much it has been served: the fair order.

    woken_at: the turn is passed over until then (its requests wait for another try, or the
    merchant has as many in progress as it may).
    """

    lane = models.CharField(max_length=12, choices=GenerationRun.Lane.choices)
    model = models.CharField(max_length=40, default="default")
    weight = models.PositiveSmallIntegerField(default=1)
    virtual_time = models.FloatField(null=True)
    woken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "lane", "model"], name="turn_once")
        ]
        indexes = [models.Index(fields=["lane", "virtual_time", "merchant"], name="turn_order")]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.lane}"
