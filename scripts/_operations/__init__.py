"""What the commands of daily operation share: parameters with units, who may set them, rounds, lists."""
