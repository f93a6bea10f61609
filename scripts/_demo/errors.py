"""What can go wrong with the demo. The command prints these without a trace."""


class DemoError(Exception):
    """Base. `name` is what is printed before the message, `exit_code` what the command ends with."""

    exit_code = 1

    def __init__(self, message: str, name: str | None = None):
        self.name = name or type(self).__name__
        super().__init__(message)


class InputRefused(DemoError):
    """The user's video or options cannot be used; nothing was started. `name` is the media error's own."""

    exit_code = 2


class ContractsDoNotCompile(DemoError):
    """The compiler's words."""


class ServiceFailed(DemoError):
    """A service ended by itself, or does not answer; the message holds the end of its log."""


class ChainRefused(DemoError):
    """The chain could not be started, or reverted something that had to succeed."""


class RenditionWrong(DemoError):
    """A joined rendition does not decode from start to end, or has another number of frames."""
