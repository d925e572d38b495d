"""What `./run bench desk` prints: what one waits for is the sum of its steps, reply by reply."""

from bench.desk import BEHIND, EMPTY, LAST, STEPS, quantile, table


def test_what_one_waits_for_is_the_sum_of_the_steps():
    took = {step: [0.010, 0.020] for step in (*STEPS, *BEHIND, LAST, EMPTY)}

    told = {" ".join(line.split()[:-2]): line.split()[-2:] for line in table(took).splitlines()}

    assert told["waited for: 4 requests"] == ["80.0", "80.0"]
    assert told["send"] == ["20.0", "20.0"]


def test_nineteen_in_twenty_are_within_what_is_told():
    assert quantile([float(number) for number in range(100)], 0.95) == 95.0
