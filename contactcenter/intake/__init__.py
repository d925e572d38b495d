"""The one door in: `contactcenter.intake.services.receive` for what is said, `amend` for what is learnt of it later."""
