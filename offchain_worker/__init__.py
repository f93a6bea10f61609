"""Off-chain services of the protocol: video work sold and bought for tickets that redeem on its TicketBroker.

Layers import downwards only: settings → chain, tickets, media, pipelines → services → cli. docs/offchain_worker.md
explains how they fit together. On one machine, with a chain at 127.0.0.1:8545 and a funded gateway:

    export OW_CHAIN__CONTROLLER=0x…  OW_ORCHESTRATOR__WORKER_TOKEN=$SECRET  OW_WORKER__WORKER_TOKEN=$SECRET
    python -m offchain_worker orchestrator serve --key-file orchestrator.key --port 8935
    python -m offchain_worker worker run --orchestrator-url http://127.0.0.1:8935
    python -m offchain_worker make-video source.mp4
    python -m offchain_worker gateway transcode source.mp4 --output renditions --key-file gateway.key \\
        --orchestrator http://127.0.0.1:8935 --json
    python -m offchain_worker redeemer run --once --key-file redeemer.key --json

The same from Python, for one purchase:

    settings = load_settings(Path("gateway.toml"))
    gateway = build_gateway(settings, signer, ProtocolClient(rpc_url, controller))
    report = asyncio.run(gateway.transcode(build_order(settings, Path("source.mp4"), Path("renditions"))))
    report.to_json()  # segments, totals, sessions, failovers, files, error
"""
