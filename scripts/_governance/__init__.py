"""What the commands of governance share: proposals from files, their rehearsal, and how they are shown."""
