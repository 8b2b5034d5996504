module contractbuilder/bench/measure

go 1.24
